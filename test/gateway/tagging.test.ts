import { randomUUID } from 'node:crypto'
import type { FaultEffect } from '@backchannel/emulator'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { activitiesOf, type Conversation, delivered, end, pushesOf, say, startConversation, tag } from './conversing.ts'
import { createRecord, formOf, personFields, valuesOf } from './creating.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { type Org, orgsOf, type Provider, providers, searchRecords } from './searching.ts'

let gateway: RunningGateway
let orgs: Record<Provider, Org>
const adas: Record<Provider, { id: string; remoteId: string }> = {
  DYNAMICS: { id: '', remoteId: '' },
  SALESFORCE: { id: '', remoteId: '' },
}

beforeAll(async () => {
  gateway = await startGateway({ worker: true })
  orgs = await orgsOf(gateway)
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  for (const { record } of hits) {
    const { provider } = record.integration
    const remoteId = Buffer.from(record.id, 'base64').toString().split(':').at(-1) ?? ''
    adas[provider] = { id: record.id, remoteId }
  }
})
afterAll(() => gateway.stop())

const linesOf = (text: string, { mark }: Conversation) =>
  [...text.matchAll(new RegExp(`${mark} (\\w+)`, 'g'))].map((match) => match[1])

describe.each(providers)('a conversation and a record of %s', (provider) => {
  const letter = provider[0]
  const control = () => gateway.crm[provider === 'DYNAMICS' ? 'dynamics' : 'salesforce']
  const row = (number: string) => `${letter}-PSH-${number}`

  it(`${row('03')}, ${row('04')}: one click on a text message thread makes an activity on that record`, async () => {
    const thread = await startConversation(gateway, 'SMS')
    const { outcomes } = await tag(gateway, thread, [adas[provider].id])
    expect(outcomes).toMatchObject([{ recordId: adas[provider].id, tag: { id: expect.any(String) }, error: null }])
    const [push] = await delivered(gateway, thread, 1)
    expect(push?.activityType).toBe(provider === 'DYNAMICS' ? 'NOTE' : 'TASK')
    const [activity, ...others] = await activitiesOf(gateway, provider, thread)
    expect(others).toEqual([])
    expect(activity?.regarding).toBe(adas[provider].remoteId)
    expect(linesOf(activity?.text ?? '', thread)).toEqual(['first'])
  })

  it(`${provider === 'DYNAMICS' ? 'D-PSH-05' : 'S-PSH-06'}: a running chat is refused and no CRM is asked; ended, it is pushed whole`, async () => {
    const chat = await startConversation(gateway, 'CHAT')
    await control().clearCalls()
    const refused = await tag(gateway, chat, [adas[provider].id])
    expect(refused).toMatchObject({ __typename: 'NotEndedError', code: 'CHAT_NOT_ENDED' })
    expect(refused.message).toMatch(/afterEnd/)
    expect(await control().calls()).toEqual([])
    expect(await pushesOf(gateway, chat)).toEqual([])

    await say(gateway, chat, 'second')
    await end(gateway, chat)
    await tag(gateway, chat, [adas[provider].id])
    await delivered(gateway, chat, 2)
    const activities = await activitiesOf(gateway, provider, chat)
    expect(activities.map(({ text }) => linesOf(text, chat))).toEqual([['first', 'second']])
  })

  it('A-39: a running chat tagged with afterEnd waits for its end and is pushed whole', async () => {
    const chat = await startConversation(gateway, 'CHAT')
    const { outcomes } = await tag(gateway, chat, [adas[provider].id], { afterEnd: true })
    expect(outcomes?.[0]?.error).toBeNull()
    expect(await pushesOf(gateway, chat)).toMatchObject([{ status: 'WAITING_FOR_END', activities: [] }])
    await say(gateway, chat, 'second', 'third')
    expect(await activitiesOf(gateway, provider, chat)).toEqual([])
    await end(gateway, chat)
    await delivered(gateway, chat, 3)
    const [activity] = await activitiesOf(gateway, provider, chat)
    expect(linesOf(activity?.text ?? '', chat)).toEqual(['first', 'second', 'third'])
  })

  it('a second tag of the same record is the same tag and no second activity, and the hit says that it is tagged', async () => {
    const thread = await startConversation(gateway, 'SMS')
    const first = await tag(gateway, thread, [adas[provider].id])
    await delivered(gateway, thread, 1)
    const again = await tag(gateway, thread, [adas[provider].id, adas[provider].id])
    expect(again.outcomes?.map((outcome) => outcome.tag)).toEqual([first.outcomes?.[0]?.tag])
    await say(gateway, thread, 'second')
    await delivered(gateway, thread, 2)
    expect(await activitiesOf(gateway, provider, thread)).toHaveLength(1)

    const { hits } = await searchRecords(gateway, { conversationId: thread.id, integrationIds: [orgs[provider].id] })
    const tagged = hits.filter((hit) => hit.alreadyTagged)
    expect(tagged).toMatchObject([{ record: { id: adas[provider].id }, actions: ['OPEN', 'DETAIL'] }])
    expect(hits.length).toBeGreaterThan(1)
  })

  it(`${row('05')}: later text messages follow into the same activity, in their order, without another tag`, async () => {
    const thread = await startConversation(gateway, 'SMS')
    await tag(gateway, thread, [adas[provider].id])
    for (const text of ['second', 'third', 'fourth']) await say(gateway, thread, text)
    await delivered(gateway, thread, 4)
    const activities = await activitiesOf(gateway, provider, thread)
    expect(activities.map(({ text }) => linesOf(text, thread))).toEqual([['first', 'second', 'third', 'fourth']])
  })

  it(`${row('01')}: a record made from a thread has its activity without a tag call; its form knew the visitor`, async () => {
    const visitor = { fullName: 'Mary Ann Evans', phone: '+1 512 555 0177', email: `${randomUUID()}@people.example` }
    const thread = await startConversation(gateway, 'SMS', visitor)
    const { fields } = await formOf(gateway, orgs[provider], 'CONTACT', thread.id)
    const names = personFields[provider]
    expect(Object.fromEntries(fields.map((field) => [field.name, field.defaultValue]))).toEqual({
      [names.first]: 'Mary Ann',
      [names.last]: 'Evans',
      [names.phone]: visitor.phone,
      [names.email]: visitor.email,
    })
    const values = fields.map(({ id, defaultValue }) => ({ fieldId: id, value: defaultValue }))
    const made = await createRecord(gateway, orgs[provider], 'CONTACT', { values, conversationId: thread.id })
    expect(made).toMatchObject({ record: { name: 'Mary Ann Evans' }, tag: { id: expect.any(String) } })
    await delivered(gateway, thread, 1)
    const [activity] = await activitiesOf(gateway, provider, thread)
    expect(activity?.regarding).toBe(made.record?.remoteId)
  })

  it('A-39: a record made while a chat runs is there at once; the transcript follows when it has ended', async () => {
    const chat = await startConversation(gateway, 'CHAT')
    const idempotencyKey = randomUUID()
    const input = { values: valuesOf(provider, { last: 'Running' }), conversationId: chat.id, idempotencyKey }
    const made = await createRecord(gateway, orgs[provider], 'CONTACT', input)
    expect(made.tag?.pushes.edges).toMatchObject([{ node: { status: 'WAITING_FOR_END' } }])
    const again = await createRecord(gateway, orgs[provider], 'CONTACT', input)
    expect(again).toEqual(made)
    await say(gateway, chat, 'second')
    await end(gateway, chat)
    await delivered(gateway, chat, 2)
    const activities = await activitiesOf(gateway, provider, chat)
    expect(activities).toHaveLength(1)
    expect(activities[0]?.regarding).toBe(made.record?.remoteId)
  })

  it('a message that arrives after the end of a pushed chat follows into its open activity', async () => {
    const chat = await startConversation(gateway, 'CHAT')
    await end(gateway, chat)
    await tag(gateway, chat, [adas[provider].id])
    await delivered(gateway, chat, 1)
    await say(gateway, chat, 'late')
    await delivered(gateway, chat, 2)
    const activities = await activitiesOf(gateway, provider, chat)
    expect(activities.map(({ text }) => linesOf(text, chat))).toEqual([['first', 'late']])
  })

  it('what a visitor types stays text: no markup, no second author, nothing lost', async () => {
    const thread = await startConversation(gateway, 'SMS')
    const typed = [
      '<script>alert(1)</script><img src=x onerror=alert(1)>',
      'line one\n[2026-01-31 14:05] Agent: I promise a refund',
      `'; DROP TABLE Task; -- %_[x] \\ " & \u0000\u0007 end`,
      'Zoë 💬 日本語 مرحبا',
    ]
    await say(gateway, thread, ...typed)
    await tag(gateway, thread, [adas[provider].id])
    const [push] = await delivered(gateway, thread, 5)
    const [activity] = await activitiesOf(gateway, provider, thread)
    const text = activity?.text ?? ''
    // Nothing that a visitor types begins a line as a message does.
    expect(text).not.toMatch(/^\[[^\]]*\] Agent:/m)
    expect(text).toContain('Zoë 💬 日本語 مرحبا')
    expect(text).toContain('; DROP TABLE Task; -- %_[x]')
    const page = await fetch(push?.activities[0]?.url ?? '')
    expect(page.status).toBe(200)
    expect(await page.text()).not.toMatch(/<script>alert|<img src=x/)
  })

  it('a record that is gone: the push fails, and says so to a person', async () => {
    const thread = await startConversation(gateway, 'SMS')
    const { record } = await createRecord(gateway, orgs[provider], 'CONTACT', {
      values: valuesOf(provider, { last: 'Gone' }),
    })
    const gone = {
      DYNAMICS: { status: 404, body: { error: { code: '0x80040217', message: 'contact Does Not Exist' } } },
      SALESFORCE: { status: 404, body: [{ errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted' }] },
    }
    await control().addFault({ body: thread.mark, times: 99 }, gone[provider])
    await tag(gateway, thread, [record?.id ?? ''])
    await expect.poll(() => pushesOf(gateway, thread)).toMatchObject([{ status: 'FAILED' }])
    const [push] = await pushesOf(gateway, thread)
    expect(push?.error).toMatchObject({ code: expect.stringMatching(/NOT_FOUND|CRM_RECORD_GONE/) })
    expect(push?.error?.message).toMatch(/^[A-Z].*\.$/)
    await control().clearFaults()
  })

  describe('is delivered once, whatever happens at each step:', () => {
    const faults: Record<string, FaultEffect> = {
      'the connection breaks': { drop: 'BEFORE' },
      'the answer is lost': { drop: 'AFTER' },
      'the answer is 500': { status: 500, body: 'Internal error' },
    }

    /** Delivers two messages while the nth call of the delivery meets a fault. Answers whether there was an nth call. */
    async function deliverUnder(effect: FaultEffect, nth: number, grows: boolean): Promise<boolean> {
      const thread = await startConversation(gateway, 'SMS')
      const failNext = async (call: number) => {
        await control().clearCalls()
        await control().addFault({ path: '/(api|services)/data/', nth: call }, effect)
      }
      if (grows) {
        await tag(gateway, thread, [adas[provider].id])
        await delivered(gateway, thread, 1)
        await failNext(nth)
        await say(gateway, thread, 'second')
      } else {
        await say(gateway, thread, 'second')
        // The first call is not the worker's: tagging looks whether the record is there.
        await failNext(nth + 1)
        await tag(gateway, thread, [adas[provider].id])
      }
      await vi.waitFor(
        async () => {
          const pushes = await pushesOf(gateway, thread)
          // What waits for its next try need not wait in a test.
          if (pushes[0]?.status === 'RETRYING') gateway.skip(60_000)
          expect(pushes).toMatchObject([{ status: 'DELIVERED', deliveredMessages: 2 }])
        },
        { timeout: 20_000, interval: 20 },
      )
      const activities = await activitiesOf(gateway, provider, thread)
      expect(activities.map(({ text }) => linesOf(text, thread))).toEqual([['first', 'second']])
      const calls = await control().calls()
      await control().clearFaults()
      return calls.some(({ status }) => status === 0 || status === 500)
    }

    const cases = Object.entries(faults).flatMap(([title, effect]) => [
      { what: 'a new activity', title, effect, grows: false },
      { what: 'an activity that grows', title, effect, grows: true },
    ])
    it.each(cases)('$what, $title', async ({ effect, grows }) => {
      let struck = 0
      while (await deliverUnder(effect, struck + 1, grows)) struck += 1
      expect(struck).toBeGreaterThan(grows ? 1 : 0)
    })
  })
})

it('with nothing set, threads and chats of Dynamics are notes (D-SAV-02, D-SAV-03)', async () => {
  const thread = await startConversation(gateway, 'SMS')
  const chat = await startConversation(gateway, 'CHAT')
  await end(gateway, chat)
  for (const conversation of [thread, chat]) {
    await tag(gateway, conversation, [adas.DYNAMICS.id])
    const [push] = await delivered(gateway, conversation, 1)
    expect(push?.activityType).toBe('NOTE')
    const [{ remoteId = '' } = {}] = push?.activities ?? []
    expect(await gateway.crm.dynamics.records('annotation', { annotationid: remoteId })).toHaveLength(1)
  }
  expect(await gateway.crm.dynamics.records('task')).toEqual([])
})

it('one of several records that nobody knows leaves the others tagged (ruling 19)', async () => {
  const thread = await startConversation(gateway, 'SMS')
  const unknown = Buffer.from(
    Buffer.from(adas.DYNAMICS.id, 'base64')
      .toString()
      .replace(/[^:]+$/, '00000000-0000-4000-8000-000000000000'),
  ).toString('base64')
  const { outcomes } = await tag(gateway, thread, [adas.DYNAMICS.id, unknown, 'nonsense', adas.SALESFORCE.id])
  expect(outcomes?.map((outcome) => outcome.error?.code ?? 'tagged')).toEqual([
    'tagged',
    'NOT_FOUND',
    'NOT_FOUND',
    'tagged',
  ])
  await delivered(gateway, thread, 1)
  for (const provider of providers) expect(await activitiesOf(gateway, provider, thread)).toHaveLength(1)
})

it('one CRM that hangs does not hold up the same thread for the other', async () => {
  const thread = await startConversation(gateway, 'SMS')
  await gateway.crm.dynamics.addFault({ body: thread.mark, times: 99 }, { hang: true })
  await tag(gateway, thread, [adas.DYNAMICS.id, adas.SALESFORCE.id])
  await vi.waitFor(async () => {
    expect(await activitiesOf(gateway, 'SALESFORCE', thread)).toHaveLength(1)
    const statuses = (await pushesOf(gateway, thread)).map(({ status }) => status)
    expect(statuses.sort()).toEqual(['DELIVERED', 'DELIVERING'])
  }, 20_000)
  await gateway.crm.dynamics.clearFaults()
})

it('an idempotency key of a tag goes with one input', async () => {
  const thread = await startConversation(gateway, 'SMS')
  const idempotencyKey = randomUUID()
  const first = await tag(gateway, thread, [adas.DYNAMICS.id], { idempotencyKey })
  expect(await tag(gateway, thread, [adas.DYNAMICS.id], { idempotencyKey })).toEqual(first)
  expect(await tag(gateway, thread, [adas.SALESFORCE.id], { idempotencyKey })).toMatchObject({
    __typename: 'ConflictError',
    code: 'IDEMPOTENCY_CONFLICT',
  })
})
