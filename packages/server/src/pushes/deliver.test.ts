import { type CrmProvider, ProviderError, providerDefinitions, type RemoteReference } from '@backchannel/providers'
import { createMemoryCrm, type MemoryCrm } from '@backchannel/providers/testing'
import { describe, expect, test } from 'vitest'
import type { Message } from '../conversations/conversation.ts'
import { testIntegration } from '../testing/integration.ts'
import { type DeliveryOutcome, deliver } from './deliver.ts'
import type { KnownActivity } from './known-activity.ts'
import { type EarlierPlan, planPush } from './plan.ts'
import { followSuccessors } from './successor.ts'

const nobody = { externalId: null, firstName: null, lastName: null, phone: null, email: null, accountId: null }
const record = { entityName: 'contact', remoteId: 'contact-1' }
const NOTE = { type: 'NOTE' } as const

/** A thread that grows, its delivery state, and an org. Every port counts as a step that may break. */
function openWorld({ maxLength = 400, keyed = true } = {}) {
  const crm = createMemoryCrm(providerDefinitions.DYNAMICS.descriptor, {
    rows: ['contact-1', 'contact-2', 'contact-3'].map((remoteId) => ({
      ...{ entityName: 'contact', remoteId },
      values: { lastname: 'Fox' },
    })),
  })
  const descriptor = { subjectMaxLength: 100, bodyMaxLength: maxLength, closable: true }
  const messages: Message[] = []
  const activities = new Map<number, KnownActivity>()
  let regarding: RemoteReference = record
  let earlier: EarlierPlan | null = null
  const state = { delivered: 0, generation: 1, startsAfter: 0, now: Date.parse('2026-01-31T12:00:00Z') }
  let breakAt = Number.POSITIVE_INFINITY
  let when: 'before' | 'after' = 'before'
  let steps = 0
  let foundAgain = 0

  /** Breaks once at the chosen step: before it takes effect, or after it did and before anybody learnt of it. */
  async function step<T>(work: () => Promise<T>): Promise<T> {
    const breaks = steps++ === breakAt
    if (breaks && when === 'before') throw new Crash()
    const result = await work()
    if (breaks) throw new Crash()
    return result
  }

  const provider: CrmProvider = {
    ...crm.provider,
    fileActivity: (draft) => step(() => crm.provider.fileActivity(draft)),
    findActivity: (type, id) => step(() => crm.provider.findActivity(type, id)),
    updateActivity: (type, id, change) => step(() => crm.provider.updateActivity(type, id, change)),
  }

  async function run(): Promise<DeliveryOutcome> {
    const { generation, startsAfter } = state
    const plan = planPush({
      integration: testIntegration('DYNAMICS'),
      workspace: { timeZone: 'UTC', brand: 'Alive' },
      conversation: { channel: 'SMS', startedAt: new Date(state.now), visitor: { ...nobody, fullName: 'Dana Fox' } },
      messages,
      activity: { activityType: NOTE, why: { rule: 'D-SAV-03', text: 'Notes.' } },
      descriptor,
      record: { values: [], notes: [], taggings: 1, why: [], refused: null },
      given: [],
      generation,
      startsAfter,
      removedMessages: 0,
      earlier,
    })
    earlier = { plan, delivered: false, closed: false }
    const outcome = await deliver(
      {
        plan,
        descriptor,
        regarding,
        keyOf: (part) => `key-${state.generation}-${part}`,
        keyed,
        activities: new Map(activities),
        delivered: state.delivered,
      },
      {
        provider,
        save: (part, activity) => step(async () => void activities.set(part, activity)),
        follow: () =>
          step(async () => {
            const followed = await followSuccessors(provider, regarding, {})
            if (followed) regarding = { entityName: 'contact', remoteId: followed.record.remoteId }
            return followed && regarding
          }),
        replanned: (parts) =>
          step(async () => {
            earlier = { plan: { ...plan, parts, partsBefore: null }, delivered: false, closed: false }
          }),
        foundAgain: () => step(async () => void foundAgain++),
        hash: (text) => `#${text}`,
        now: () => state.now,
        settleMs: 630_000,
        signal: new AbortController().signal,
      },
    )
    if (outcome.kind === 'DELIVERED') {
      state.delivered = plan.messages
      earlier = { ...earlier, delivered: true }
    }
    if (outcome.kind === 'MOVE_ON') {
      earlier = null
      activities.clear()
      Object.assign(state, {
        delivered: outcome.confirmed,
        startsAfter: outcome.confirmed,
        generation: state.generation + 1,
      })
    }
    return outcome
  }

  return {
    crm,
    state,
    activities,
    say(...texts: string[]) {
      for (const text of texts) {
        const arrival = messages.length + 1
        const sentAt = new Date(state.now + arrival * 1_000)
        messages.push({ author: 'VISITOR', authorName: 'Dana', text, attachments: [], sentAt, sequence: null, arrival })
      }
    },
    /** A message that came last, and was said before all others. */
    sayLate(text: string) {
      const arrival = messages.length + 1
      const sentAt = new Date(state.now - arrival * 1_000)
      messages.unshift({
        author: 'VISITOR',
        authorName: 'Dana',
        text,
        attachments: [],
        sentAt,
        sequence: null,
        arrival,
      })
    },
    run,
    /** Until it is delivered; a crash is followed by another worker that takes over. */
    async finish() {
      for (let attempts = 0; attempts < 10; attempts++) {
        const outcome = await run().catch((error: unknown) => {
          if (error instanceof Crash) return null
          throw error
        })
        if (outcome?.kind === 'WAIT') state.now = outcome.until.getTime()
        if (outcome?.kind === 'DELIVERED') return
      }
      throw new Error('It does not come to an end')
    },
    breakStep(index: number, moment: 'before' | 'after') {
      steps = 0
      breakAt = index
      when = moment
    },
    broke: () => steps > breakAt,
    foundAgain: () => foundAgain,
    merge(loser: string, master: string) {
      crm.rows.delete(loser)
      crm.successors.set(loser, { how: 'MERGED', reference: { ...record, remoteId: master } })
    },
    filedUnder: () => crm.activities.all().map((activity) => activity.regarding.remoteId),
    bodies: () => crm.activities.all().map((activity) => activity.body),
  }
}

class Crash extends Error {}

type World = ReturnType<typeof openWorld>

/** Every text that was said, once and in order, over all activities. */
function expectWhole(world: World, texts: readonly string[]): void {
  expect(saidIn(world)).toEqual(texts)
}

function saidIn(world: World): string[] {
  const lines = world.bodies().join('\n').split('\n')
  return lines.filter((line) => line.startsWith('[')).map((line) => line.replace(/^\[.*?\] Dana: /, ''))
}

function personWrites(crm: MemoryCrm, change: (body: string) => string, index = 0): void {
  const activity = crm.activities.all()[index]
  if (!activity) throw new Error('Nothing was filed yet')
  crm.activities.update(NOTE, activity.remoteId, { body: change(activity.body) })
}

const longTexts = Array.from({ length: 8 }, (_, index) => `${index} ${'x'.repeat(90)}`)

const scenarios: { name: string; run: (world: World) => Promise<void>; check: (world: World) => void }[] = [
  {
    name: 'a first delivery',
    async run(world) {
      world.say('a', 'b')
      await world.finish()
    },
    check(world) {
      expect(world.bodies()).toHaveLength(1)
      expectWhole(world, ['a', 'b'])
    },
  },
  {
    name: 'S-PSH-05: a thread that grows by deliveries of its own',
    async run(world) {
      world.say('a')
      await world.finish()
      world.say('b', 'c')
      await world.finish()
      world.say('d')
      await world.finish()
    },
    check(world) {
      expect(world.bodies()).toHaveLength(1)
      expectWhole(world, ['a', 'b', 'c', 'd'])
    },
  },
  {
    name: 'messages that come while an attempt of unknown outcome is open',
    async run(world) {
      world.say('a')
      await world.run().catch(() => {})
      world.say('b')
      await world.finish()
    },
    check(world) {
      expect(world.bodies()).toHaveLength(1)
      expectWhole(world, ['a', 'b'])
    },
  },
  {
    name: 'a text of several parts that grows',
    async run(world) {
      world.say(...longTexts.slice(0, 5))
      await world.finish()
      world.say(...longTexts.slice(5))
      await world.finish()
    },
    check(world) {
      expect(world.bodies().length).toBeGreaterThan(1)
      expectWhole(world, longTexts)
      for (const body of world.bodies()) expect(body.length).toBeLessThanOrEqual(400)
    },
  },
  {
    name: 'a message that came late into a text of several parts',
    async run(world) {
      world.say(...longTexts)
      await world.finish()
      world.sayLate('late')
      await world.finish()
    },
    check: (world) => expectWhole(world, ['late', ...longTexts]),
  },
  ...[0, 1, 2].map((part) => ({
    name: `a message that came late into a text of three parts, of which a person had written into part ${part + 1}`,
    async run(world: World) {
      world.say(...longTexts)
      await world.finish()
      personWrites(world.crm, (body) => `called back\n${body}`, part)
      world.sayLate('late')
      await world.finish()
      world.say('and on')
      await world.finish()
    },
    check(world: World) {
      expect(world.bodies()[part]).toMatch(/^called back\n/)
      expectWhole(world, [...longTexts, 'late', 'and on'])
    },
  })),
  {
    name: 'a message that came late into a text of several parts, of which a person has deleted one',
    async run(world) {
      world.say(...longTexts)
      await world.finish()
      world.crm.activities.remove(world.crm.activities.all()[1]?.remoteId ?? '')
      world.sayLate('late')
      await world.finish()
    },
    check(world) {
      const said = saidIn(world)
      expect(said).toEqual([...new Set(said)])
      expect(said.at(-1)).toBe('late')
      expect(said.length).toBeLessThan(longTexts.length)
    },
  },
  {
    name: 'a thread into which a person wrote',
    async run(world) {
      world.say('a')
      await world.finish()
      personWrites(world.crm, (body) => `called back\n${body}`)
      world.say('b')
      await world.finish()
      world.say('c')
      await world.finish()
    },
    check(world) {
      expect(world.bodies()).toHaveLength(1)
      expect(world.bodies()[0]).toMatch(/^called back\n/)
      expectWhole(world, ['a', 'b', 'c'])
    },
  },
  {
    name: 'ruling 5: an activity that was deleted while messages were outstanding',
    async run(world) {
      world.say('a')
      await world.finish()
      for (const activity of world.crm.activities.all()) world.crm.activities.remove(activity.remoteId)
      world.say('b')
      await world.finish()
    },
    check(world) {
      expect(world.bodies()).toHaveLength(1)
      expect(world.bodies()[0]).toMatch(/^\(continues an earlier activity/)
      expectWhole(world, ['b'])
    },
  },
  {
    name: 'I-11: a record that was merged, and its master merged again, before anything was filed',
    async run(world) {
      world.say(...longTexts)
      world.merge('contact-1', 'contact-2')
      world.merge('contact-2', 'contact-3')
      await world.finish()
    },
    check(world) {
      expect(new Set(world.filedUnder())).toEqual(new Set(['contact-3']))
      expectWhole(world, longTexts)
    },
  },
  {
    name: 'I-11: a record that was merged while its activity was lost with messages outstanding',
    async run(world) {
      world.say('a')
      await world.finish()
      for (const activity of world.crm.activities.all()) world.crm.activities.remove(activity.remoteId)
      world.merge('contact-1', 'contact-2')
      world.say('b')
      await world.finish()
    },
    check(world) {
      expect(world.filedUnder()).toEqual(['contact-2'])
      expect(world.bodies()[0]).toMatch(/^\(continues an earlier activity/)
      expectWhole(world, ['b'])
    },
  },
  {
    name: 'a person wrote so much that a later message does not fit',
    async run(world) {
      world.say('a')
      await world.finish()
      personWrites(world.crm, (body) => `${body}\n${'y'.repeat(350)}`)
      world.say('b')
      await world.finish()
    },
    check(world) {
      expect(world.bodies()).toHaveLength(2)
      expectWhole(world, ['a', 'b'])
    },
  },
]

describe.each(scenarios)('$name', ({ run, check }) => {
  test('ends as it should when nothing breaks', async () => {
    const world = openWorld()
    await run(world)
    check(world)
  })

  test.each(['before', 'after'] as const)(
    'F6: ends the same when any one step breaks %s it took effect',
    async (moment) => {
      for (let step = 0; ; step++) {
        const world = openWorld()
        world.breakStep(step, moment)
        await run(world)
        check(world)
        if (!world.broke()) break
        expect(step).toBeLessThan(100)
      }
    },
  )
})

test('repeating a delivery that was confirmed asks the CRM nothing', async () => {
  const world = openWorld()
  world.say('a', 'b')
  await world.finish()
  world.crm.requests.length = 0
  expect(await world.run()).toEqual({ kind: 'DELIVERED' })
  expect(world.crm.requests).toEqual([])
})

test('F21: an activity that a person closed is not written to any more; what comes later gets one of its own', async () => {
  const world = openWorld()
  world.say('a')
  await world.finish()
  const [activity] = world.crm.activities.all()
  Object.assign(world.crm, {
    provider: Object.assign(world.crm.provider, {
      findActivity: async () => ({ ...activity, closed: true }),
    }),
  })
  world.say('b')
  expect(await world.run()).toEqual({ kind: 'MOVE_ON', confirmed: 1 })
  await world.finish()
  expectWhole(world, ['a', 'b'])
  expect(world.bodies()).toHaveLength(2)
})

test('I-11: a record that is gone without a successor is told in words, and so is one that leads round in circles', async () => {
  for (const merge of [
    [],
    [
      ['contact-1', 'contact-2'],
      ['contact-2', 'contact-1'],
    ],
    [['contact-1', 'contact-9']],
  ]) {
    const world = openWorld()
    world.say('a')
    world.crm.rows.clear()
    for (const [loser = '', master = ''] of merge) world.merge(loser, master)
    await expect(world.run()).rejects.toMatchObject({
      code: 'CRM_RECORD_GONE',
      message: expect.stringContaining('nothing there says what became of it'),
    })
    expect(world.bodies()).toEqual([])
  }
})

test('F21: what a write of unknown outcome left in an activity that was closed since is not filed once more', async () => {
  const world = openWorld()
  world.say('a')
  await world.finish()
  world.say('b')
  const { updateActivity, findActivity } = world.crm.provider
  world.crm.provider.updateActivity = async (...args) => {
    await updateActivity(...args)
    throw new ProviderError('CRM_TIMEOUT', { message: 'No answer.', outcome: 'UNKNOWN' })
  }
  await expect(world.run()).rejects.toThrow('No answer.')
  world.crm.provider.updateActivity = updateActivity
  world.crm.provider.findActivity = async (...args) => {
    const found = await findActivity(...args)
    return found && { ...found, closed: true }
  }
  world.say('c')
  await world.finish()
  expect(world.bodies()).toHaveLength(2)
  expectWhole(world, ['a', 'b', 'c'])
})

test('F18: a change that somebody made between our reading and writing is read again and kept', async () => {
  const world = openWorld()
  world.say('a')
  await world.finish()
  world.say('b')
  const { updateActivity } = world.crm.provider
  let disturbed = false
  world.crm.provider.updateActivity = (type, id, change) => {
    if (!disturbed) personWrites(world.crm, (body) => `${body}\nby hand`)
    disturbed = true
    return updateActivity(type, id, change)
  }
  await world.finish()
  expect(world.bodies()[0]).toContain('by hand')
  expectWhole(world, ['a', 'b'])
})

test('F36: an activity that a restored backup does not know of is recognised by its key and left as it is', async () => {
  const world = openWorld()
  world.say('a', 'b')
  await world.finish()
  world.activities.clear()
  world.state.delivered = 0
  await world.finish()
  expect(world.bodies()).toHaveLength(1)
  expectWhole(world, ['a', 'b'])
  expect(world.foundAgain()).toBe(1)
})

test('ruling 14: without a key, a create of unknown outcome is left alone until it cannot land any more', async () => {
  const world = openWorld({ keyed: false })
  world.say('a')
  world.breakStep(1, 'after')
  await expect(world.run()).rejects.toThrow(Crash)
  const outcome = await world.run()
  expect(outcome).toEqual({ kind: 'WAIT', until: new Date(world.state.now + 630_000) })
  await world.finish()
  expect(world.bodies()).toHaveLength(1)
})

test('a create that surely did nothing is repeated at once, also without a key', async () => {
  const world = openWorld({ keyed: false })
  world.say('a')
  const { fileActivity } = world.crm.provider
  world.crm.provider.fileActivity = async () => {
    world.crm.provider.fileActivity = fileActivity
    throw new ProviderError('CRM_RATE_LIMITED', { message: 'Slow down.', outcome: 'NOT_APPLIED' })
  }
  await expect(world.run()).rejects.toThrow('Slow down.')
  expect(await world.run()).toEqual({ kind: 'DELIVERED' })
})

test('a CRM that shows an activity and denies it at every change is not asked for ever', async () => {
  const world = openWorld()
  world.say('a')
  await world.finish()
  world.say('b')
  world.crm.provider.updateActivity = async () => {
    throw new ProviderError('NOT_FOUND', { message: 'No such activity.' })
  }
  world.crm.requests.length = 0
  await expect(world.run()).rejects.toThrow('No such activity.')
  expect(world.crm.requests.length).toBeLessThan(10)
})
