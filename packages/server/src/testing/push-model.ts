/** One run of a schedule, and what a model of a page says of its end. */
import type { ProviderKey } from '@backchannel/providers'
import { expect } from 'vitest'
import { hasten } from './database.ts'
import { createPushDrive, LEASE_MS } from './push-drive.ts'
import type { Schedule, Step } from './push-schedule.ts'
import { admin, openPushWorld } from './push-world.ts'

export type World = Awaited<ReturnType<typeof openPushWorld>>
type Drive = ReturnType<typeof createPushDrive>

// ------------------------------------------------------------------------------------------------ the model

interface Message {
  externalId: string
  text: string
  token: string
  sentAt: Date
}

/** What must be true in the end, as far as people leave it so. */
class Model {
  /** In the order of their arrival. */
  readonly messages: Message[] = []
  readonly tagged = new Map<ProviderKey, { now: boolean; messagesThen: number; since: number }>()
  /** Lines that people wrote, by activity. */
  readonly notes = new Map<string, string[]>()
  /** Activities in which a person had a hand. */
  readonly touched = new Set<string>()
  /** What stood in activities that a person deleted: it need not be there any more. */
  readonly deleted = new Set<string>()

  /** The tokens of the first so many messages, in the order in which a transcript has them. */
  inOrder(count = this.messages.length): string[] {
    return this.messages
      .slice(0, count)
      .toSorted((a, b) => a.sentAt.getTime() - b.sentAt.getTime())
      .map(({ token }) => token)
  }
}

const tokensOf = (body: string) => [...body.matchAll(/\bm\d+#/g)].map(([token]) => token)

// ------------------------------------------------------------------------------------------------ one run

class Run {
  readonly model = new Model()
  readonly world: World
  readonly drive: Drive
  readonly number: number
  readonly given: Schedule
  #conversationId = ''
  #late = 0

  constructor(world: World, drive: Drive, number: number, given: Schedule) {
    this.world = world
    this.drive = drive
    this.number = number
    this.given = given
  }

  async begin(): Promise<void> {
    const { world, number, given } = this
    for (const key of ['DYNAMICS', 'SALESFORCE'] as const) {
      const [like] = world.crms[key].rows.values()
      if (!like) throw new Error('The CRM has no contact')
      const remoteId = this.remoteIdOf(key)
      world.crms[key].rows.set(remoteId, { ...like, remoteId })
    }
    await world.prisma.dynamicsSettings.updateMany({ data: { allowNewCreation: given.newCreation } })
    this.set(given.target, false)
    this.#conversationId = await world.start(given.channel, `run-${number}`)
    if (given.tagged.length > 0) await this.say([{ when: 'NOW', length: 10 }])
    for (const crm of given.tagged) await this.do({ do: 'TAG', crm })
  }

  remoteIdOf = (key: ProviderKey) => `${key.toLowerCase()}-contact-${this.number}`

  set(target: 'NOTES' | 'TASK', allowActivityClosing: boolean): void {
    this.world.settings.DYNAMICS = {
      dynamics: {
        ...{ chatsSaveTo: target, activityTypeName: target === 'TASK' ? 'Task' : null },
        ...{ allowActivityClosing, allowNewCreation: this.given.newCreation },
      },
    }
  }

  /** The activities of this run's record, oldest first. */
  held(key: ProviderKey) {
    return this.world.crms[key].activities.all().filter(({ regarding }) => regarding.remoteId === this.remoteIdOf(key))
  }

  async do(step: Step): Promise<void> {
    const { world, drive, model } = this
    switch (step.do) {
      case 'SAY':
        return this.say(step.texts)
      case 'REPEAT': {
        const message = model.messages[step.which % Math.max(1, model.messages.length)]
        if (message) await this.append([message])
        return
      }
      case 'TAG': {
        const name = `${step.crm} ${this.number}`
        const outcome = await world.tag(this.#conversationId, [name], { afterEnd: this.given.channel === 'CHAT' })
        expect(outcome.filter((it) => 'error' in it && it.error)).toEqual([])
        const before = model.tagged.get(step.crm)
        const messagesThen = before?.now ? before.messagesThen : model.messages.length
        model.tagged.set(step.crm, { now: true, messagesThen, since: before ? Number.NaN : model.messages.length })
        return
      }
      case 'UNTAG': {
        const tag = await world.prisma.tag.findFirst({
          where: { conversationId: this.#conversationId, integrationId: step.crm, removedAt: null },
        })
        if (tag === null) return
        await world.pushes.untag(admin, tag.id)
        model.tagged.set(step.crm, { now: false, messagesThen: 0, since: Number.NaN })
        return
      }
      case 'END':
        await world.conversations.end(admin, this.#conversationId)
        return
      case 'SET':
        return this.set(step.target, step.closing)
      case 'FAIL':
        return drive.fail(step.crm, step.fault, step.times)
      case 'EDIT':
      case 'CLOSE':
      case 'DELETE':
        return this.person(step.do, step.which)
      case 'WORK':
        await drive.work(step.fate)
        return
      case 'LAND':
        return drive.landLate()
      case 'GO_ON':
        return drive.goOn()
      case 'WAIT':
        return world.skip(step.seconds * 1_000)
    }
  }

  async say(texts: readonly { when: 'NOW' | 'LATE'; length: number }[]): Promise<void> {
    const { messages } = this.model
    const begin = Date.parse('2026-01-31T13:00:00Z')
    const said = texts.map(({ when, length }, index): Message => {
      const number = messages.length + index
      const token = `m${number}#`
      const at = when === 'NOW' ? begin + number * 1_000 : begin - ++this.#late * 1_000
      return { externalId: `message-${number}`, token, text: `${token} ${'x'.repeat(length)}`, sentAt: new Date(at) }
    })
    messages.push(...said)
    await this.append(said)
  }

  async append(messages: readonly Message[]): Promise<void> {
    await this.world.conversations.append(
      admin,
      this.#conversationId,
      messages.map(({ externalId, text, sentAt }) => ({
        ...{ externalId, text, sentAt },
        ...{ author: 'VISITOR' as const, authorName: 'Dana' },
      })),
    )
  }

  person(does: 'EDIT' | 'CLOSE' | 'DELETE', which: number): void {
    const { model, world } = this
    const keys = ['DYNAMICS', 'SALESFORCE'] as const
    const all = keys.flatMap((key) => this.held(key).map((activity) => ({ ...activity, crm: world.crms[key] })))
    const activity = all[which % Math.max(1, all.length)]
    if (!activity) return
    const { remoteId, body, crm } = activity
    const type = { type: crm.activities.find({ type: 'TASK' }, remoteId) ? ('TASK' as const) : ('NOTE' as const) }
    if (does === 'DELETE') {
      crm.activities.remove(remoteId)
      for (const token of tokensOf(body)) model.deleted.add(token)
    } else if (does === 'CLOSE' && type.type === 'TASK') {
      crm.activities.update(type, remoteId, { close: true })
    } else if (does === 'EDIT' && body.length < 1_900) {
      const note = `note ${which} of ${model.notes.get(remoteId)?.length ?? 0}`
      crm.activities.update(type, remoteId, { body: which % 2 === 0 ? `${note}\n${body}` : `${body}\n${note}` })
      model.notes.set(remoteId, [...(model.notes.get(remoteId) ?? []), note])
    } else return
    model.touched.add(remoteId)
  }

  /** Nothing fails any more, everything lands, and time goes on until nothing is left to be done. */
  async settle(): Promise<void> {
    const { drive, world } = this
    await drive.goOn()
    drive.heal()
    await drive.landLate()
    await world.conversations.end(admin, this.#conversationId)
    for (let round = 0; round < 100; round++) {
      world.skip(LEASE_MS + 900_000)
      let attempts = 0
      for (let done = await drive.work(); done > 0; done = await drive.work()) {
        attempts += done
        if (attempts > 500) throw new Error('It goes on for ever')
      }
      const left = await world.prisma.push.count({
        where: {
          conversationId: this.#conversationId,
          status: { notIn: ['DELIVERED', 'PARTIAL', 'FAILED', 'DISCARDED'] },
        },
      })
      if (left === 0) return
    }
    throw new Error('It does not come to an end')
  }

  async check(): Promise<void> {
    for (const [key, tag] of this.model.tagged) await this.checkTag(key, tag)
  }

  async checkTag(
    key: ProviderKey,
    { now, messagesThen, since }: { now: boolean; messagesThen: number; since: number },
  ) {
    const { model, world, given } = this
    const pushes = await world.prisma.push.findMany({
      where: { conversationId: this.#conversationId, integrationId: key },
      include: { activities: { orderBy: { part: 'asc' } } },
      orderBy: { generation: 'asc' },
    })
    if (now) {
      const wrong = pushes.filter(({ status }) => !['DELIVERED', 'PARTIAL', 'DISCARDED'].includes(status))
      expect(wrong.map(({ status, errorCode }) => `${status} ${errorCode}`)).toEqual([])
    }
    const held = new Map(this.held(key).map((activity) => [activity.remoteId, activity]))
    const known = pushes.flatMap((push) => push.activities.map(({ remoteId }) => remoteId))
    // A push that was given up while its outcome was unknown does not learn what became of it.
    const mayStand = pushes
      .filter(({ status }) => status === 'DISCARDED')
      .flatMap((push) =>
        push.activities.filter(({ remoteId, attemptedAt }) => remoteId === null && attemptedAt !== null),
      )
    const unknown = [...held.keys()].filter((remoteId) => !known.includes(remoteId))
    if (now) expect(unknown.length).toBeLessThanOrEqual(mayStand.length)

    const threads = pushes.map((push) => push.activities.map(({ remoteId }) => held.get(remoteId ?? '')))
    const texts = threads.map((parts) => parts.flatMap((activity) => (activity ? tokensOf(activity.body) : [])))
    const order = model.inOrder()
    for (const [index, tokens] of texts.entries()) {
      expect(tokens).toEqual([...new Set(tokens)])
      const isTouched = pushes[index]?.activities.some(({ remoteId }) => model.touched.has(remoteId ?? ''))
      if (!isTouched) expect(tokens).toEqual(order.filter((token) => tokens.includes(token)))
    }
    for (const [remoteId, notes] of model.notes) {
      const activity = held.get(remoteId)
      for (const note of activity ? notes : []) expect(activity?.body).toContain(note)
    }

    const all = texts.flat()
    const makesOneForEach = given.newCreation && given.channel === 'SMS' && key === 'DYNAMICS'
    if (!makesOneForEach) expect(all.toSorted()).toEqual([...new Set(all)].toSorted())
    if (!now) return
    const missing = order.filter((token) => !all.includes(token) && !model.deleted.has(token))
    expect(missing).toEqual([])
    if (makesOneForEach && model.touched.size === 0 && !Number.isNaN(since)) {
      const expected = Array.from({ length: order.length - messagesThen + 1 }, (_, index) =>
        model.inOrder(messagesThen + index),
      )
      expect(texts).toEqual(expected)
    }
  }
}

/** Runs one schedule after another, each with a conversation and records of its own, and checks each against the model. */
export async function openModelWorld(change: (world: World) => void = () => {}) {
  const world = await openPushWorld()
  await hasten(world.prisma)
  const { workspaceId } = world
  await world.prisma.settings.create({
    data: {
      ...{ id: 'settings-1', workspaceId, searchOrder: [] },
      integration: { connect: { id: 'DYNAMICS' } },
      dynamics: { create: { workspaceId, allowNewCreation: false } },
    },
  })
  change(world)
  const drive = createPushDrive(world)
  let runs = 0
  return async (given: Schedule) => {
    const run = new Run(world, drive, ++runs, given)
    await run.begin()
    try {
      for (const step of given.steps) await run.do(step)
    } finally {
      await run.settle()
    }
    await run.check()
  }
}
