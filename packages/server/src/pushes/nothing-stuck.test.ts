/**
 * Whatever people, messages, settings, workers and CRMs do to the pushes of a conversation, in whatever order: none is
 * left that nobody ever takes up, and none that is tried for ever. `STUCK_RUNS=1000` tries more schedules.
 */
import { ProviderError, type ProviderErrorCode } from '@backchannel/providers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasten } from '../testing/database.ts'
import { createPushDrive, crmFaults, LEASE_MS } from '../testing/push-drive.ts'
import { admin, openPushWorld } from '../testing/push-world.ts'
import { createPauseStore } from './pause-store.ts'
import { endStatuses } from './push-states.ts'
import { createPushQueue } from './queue-store.ts'

const RUNS = Number(process.env['STUCK_RUNS'] ?? 60)

const refusals = ['CRM_REJECTED', 'CRM_RECORD_GONE', 'CRM_UNAUTHENTICATED', 'CRM_QUOTA_EXHAUSTED'] as const
const fate = fc.record({
  at: fc.nat(14),
  what: fc.constantFrom('DIES_BEFORE' as const, 'DIES_AFTER' as const, 'HELD_UP' as const),
})
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('SAY' as const), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 3, arbitrary: fc.constant({ do: 'TAG' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'TAG_BY_RULE' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'UNTAG' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('RETRY' as const, 'DISCARD' as const), which: fc.nat(9) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('RETRY_ALL' as const, 'DISCARD_ALL' as const, 'END' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('NEW_CREATION' as const), on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('CONNECT' as const), on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('REFUSE' as const), code: fc.constantFrom(...refusals) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('FAIL' as const), fault: fc.constantFrom(...crmFaults) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'DELETE' as const }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('WORK' as const), fate: fc.option(fate, { freq: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('LAND' as const, 'GO_ON' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('WAIT' as const), seconds: fc.constantFrom(1, 40, 900) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const schedule = fc.record({
  channel: fc.constantFrom('SMS' as const, 'SMS' as const, 'CHAT' as const),
  newCreation: fc.boolean(),
  steps: fc.array(step, { minLength: 4, maxLength: 30 }),
})

async function openWorld() {
  const world = await openPushWorld()
  const { prisma, workspaceId, secrets, now, crms, pushes, conversations } = world
  await hasten(prisma)
  await prisma.settings.create({
    data: {
      ...{ id: 'settings-1', workspaceId, searchOrder: [] },
      integration: { connect: { id: 'DYNAMICS' } },
      dynamics: { create: { workspaceId, allowNewCreation: false } },
    },
  })
  const drive = createPushDrive(world)
  const queue = createPushQueue(prisma, { secrets, pauses: createPauseStore(prisma, now), leaseMs: LEASE_MS, now })
  const refused: ProviderErrorCode[] = []
  world.hindrances.DYNAMICS = (operation) => {
    if (!/Activity$/.test(operation)) return
    const code = refused.shift()
    if (code) throw new ProviderError(code, { message: 'No.' })
  }
  const newCreation = (on: boolean) => prisma.dynamicsSettings.updateMany({ data: { allowNewCreation: on } })
  const connect = async (on: boolean) => {
    await prisma.integration.update({
      where: { id: 'DYNAMICS' },
      data: { status: on ? 'CONNECTED' : 'DISCONNECTED' },
    })
    await queue.integrationsChanged('DYNAMICS')
  }
  let runs = 0

  async function run(given: { channel: 'SMS' | 'CHAT'; newCreation: boolean; steps: readonly Step[] }): Promise<void> {
    const number = ++runs
    const remoteId = `dynamics-contact-${number}`
    const [like] = crms.DYNAMICS.rows.values()
    if (!like) throw new Error('The CRM has no contact')
    crms.DYNAMICS.rows.set(remoteId, { ...like, remoteId })
    await newCreation(given.newCreation)
    const conversationId = await world.start(given.channel, `run-${number}`)
    const said: string[] = []

    async function act(taken: Step): Promise<unknown> {
      switch (taken.do) {
        case 'SAY': {
          const texts = Array.from({ length: taken.count }, (_, index) => `m${said.length + index}#`)
          said.push(...texts)
          return world.say(conversationId, ...texts)
        }
        case 'TAG':
          return world
            .tag(conversationId, [`DYNAMICS ${number}`], { afterEnd: given.channel === 'CHAT' })
            .catch(() => {})
        case 'TAG_BY_RULE': {
          const record = {
            integrationId: 'DYNAMICS',
            entityName: like?.entityName ?? '',
            remoteId,
            name: '',
            url: null,
          }
          return pushes.tagAutomatically(workspaceId, conversationId, record)
        }
        case 'UNTAG': {
          const tag = await prisma.tag.findFirst({ where: { conversationId, removedAt: null } })
          return tag && pushes.untag(admin, tag.id)
        }
        case 'RETRY':
        case 'DISCARD': {
          const found = await prisma.push.findMany({ where: { conversationId }, orderBy: { generation: 'desc' } })
          const push = found[taken.which % Math.max(1, found.length)]
          const does = taken.do === 'RETRY' ? pushes.retry : pushes.discard
          return push && does(admin, push.id).catch(() => {})
        }
        case 'RETRY_ALL':
          return pushes.retryAll(admin, { integrationId: 'DYNAMICS' })
        case 'DISCARD_ALL':
          return pushes.discardAll(admin, { integrationId: 'DYNAMICS' })
        case 'END':
          return conversations.end(admin, conversationId)
        case 'NEW_CREATION':
          return newCreation(taken.on)
        case 'CONNECT':
          return connect(taken.on)
        case 'REFUSE':
          return refused.push(taken.code)
        case 'FAIL':
          return drive.fail('DYNAMICS', taken.fault, 1)
        case 'DELETE': {
          const [held] = crms.DYNAMICS.activities.all().filter(({ regarding }) => regarding.remoteId === remoteId)
          return held && crms.DYNAMICS.activities.remove(held.remoteId)
        }
        case 'WORK':
          return drive.work(taken.fate)
        case 'LAND':
          return drive.landLate()
        case 'GO_ON':
          return drive.goOn()
        case 'WAIT':
          return world.skip(taken.seconds * 1_000)
      }
    }

    /** Everything works from now on, and time passes. */
    async function settle(): Promise<void> {
      await drive.goOn()
      drive.heal()
      refused.length = 0
      await drive.landLate()
      await conversations.end(admin, conversationId)
      await connect(true)
      for (let round = 0, idle = 0; idle < 3; round++) {
        if (round > 200) throw new Error('It goes on for ever')
        world.skip(LEASE_MS + 900_000)
        idle = (await drive.work()) === 0 ? idle + 1 : 0
      }
    }

    try {
      for (const taken of given.steps) await act(taken)
    } finally {
      await settle()
    }
    await check(conversationId, remoteId, said)
  }

  async function check(conversationId: string, remoteId: string, said: readonly string[]): Promise<void> {
    const tag = await prisma.tag.findFirst({
      where: { conversationId },
      include: { pushes: { orderBy: { generation: 'asc' } } },
    })
    if (tag === null) return
    const shown = tag.pushes.map(
      ({ generation, status, nextAttemptAt, wantedMessages, deliveredMessages, continued }) =>
        JSON.stringify({ generation, status, nextAttemptAt, wantedMessages, deliveredMessages, continued }),
    )
    // One that has no message yet waits for the first one.
    const isWaiting = ({ generation, status, nextAttemptAt }: (typeof tag.pushes)[number]) =>
      generation === 1 && status === 'QUEUED' && nextAttemptAt === null && said.length === 0
    const stuck = tag.pushes.filter((push) => !endStatuses.some((it) => it === push.status) && !isWaiting(push))
    expect(stuck, shown.join('\n')).toEqual([])
    const newest = tag.pushes.filter(({ continued }) => !continued)
    expect(newest.length, shown.join('\n')).toBe(1)
    expect(newest[0]?.generation).toBe(tag.pushes.length)
    if (tag.removedAt === null && newest[0]?.status === 'DELIVERED') {
      expect(newest[0].deliveredMessages, shown.join('\n')).toBe(said.length)
    }
    for (const { regarding, body } of crms.DYNAMICS.activities.all()) {
      if (regarding.remoteId !== remoteId) continue
      const tokens = body.match(/\bm\d+#/g) ?? []
      expect([...tokens]).toEqual([...new Set(tokens)])
    }
  }
  return run
}

test('a message that comes after the end of a chat, which a rule tagged while it had none, is filed', async () => {
  const run = await openWorld()
  await run({
    channel: 'CHAT',
    newCreation: false,
    steps: [{ do: 'END' }, { do: 'TAG_BY_RULE' }, { do: 'SAY', count: 1 }],
  })
})

test(
  `of ${RUNS} random schedules none leaves a push that nothing wakes`,
  async () => {
    const run = await openWorld()
    await fc.assert(fc.asyncProperty(schedule, run), { numRuns: RUNS })
  },
  60_000 + RUNS * 2_000,
)
