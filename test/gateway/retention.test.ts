import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { activitiesOf, type Conversation, delivered, pushesOf, say, startConversation, tag } from './conversing.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { type Provider, providers, searchRecords } from './searching.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
let gateway: RunningGateway
let daysAhead = 0
const records = new Map<Provider, string>()

beforeAll(async () => {
  gateway = await startGateway({ worker: true })
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'], first: 1 })
  for (const { record } of hits) records.set(record.integration.provider, record.id)
})
afterAll(() => gateway.stop())

const keepFor = (retentionDays: number | null) =>
  gateway.execute(
    'mutation ($days: Int) { updateWorkspace(input: { retentionDays: $days }) { ... on WorkspaceSuccess { workspace { retentionDays } } } }',
    { days: retentionDays },
  )

const shown = async ({ id }: Conversation) => {
  const { conversation } = await gateway.execute(
    `query ($id: ID!) {
      conversation(id: $id) {
        purgedAt
        visitor { phone fullName }
        messages { edges { node { id text } } }
        tags { reference { name url } pushes { edges { node { status subject activities { url } } } } }
      }
    }`,
    { id },
  )
  return conversation
}

describe.each(providers)('a thread that is delivered to %s', (provider) => {
  it('is removed here when its time is over; a late message goes into an activity of its own', async () => {
    const visitor = { phone: '+1 512 555 0143', fullName: 'Vera' }
    const thread = await startConversation(gateway, 'SMS', visitor)
    await tag(gateway, thread, [records.get(provider) ?? ''])
    await delivered(gateway, thread, 1)
    const before = await activitiesOf(gateway, provider, thread)
    const [message] = (await shown(thread)).messages.edges
    // Earlier tests have moved the clock on.
    await keepFor(daysAhead + 30)

    await gateway.upkeep()
    expect(await shown(thread)).toMatchObject({ purgedAt: null, visitor, messages: { edges: [{}] } })

    gateway.skip(31 * DAY_MS)
    daysAhead += 31
    await gateway.upkeep()
    expect(await shown(thread)).toMatchObject({
      purgedAt: expect.any(String),
      visitor: { phone: null, fullName: null },
      messages: { edges: [] },
      tags: [
        {
          reference: { name: null, url: expect.any(String) },
          pushes: {
            edges: [{ node: { status: 'DELIVERED', subject: null, activities: [{ url: expect.any(String) }] } }],
          },
        },
      ],
    })
    const { node } = await gateway.execute('query ($id: ID!) { node(id: $id) { id } }', { id: message.node.id })
    expect(node).toBeNull()
    expect(await activitiesOf(gateway, provider, thread)).toEqual(before)

    await say(gateway, thread, 'late')
    await vi.waitFor(
      async () => {
        const pushes = await pushesOf(gateway, thread)
        expect(pushes.map(({ status }) => status)).toEqual(['DELIVERED', 'DELIVERED'])
      },
      { timeout: 20_000, interval: 20 },
    )
    const after = await activitiesOf(gateway, provider, thread)
    expect(after).toHaveLength(2)
    expect(after).toContainEqual(before[0])
    const [late] = after.filter(({ text }) => text !== before[0]?.text)
    expect(late?.regarding).toBe(before[0]?.regarding)
    expect(late?.text.split('\n')).toEqual([
      '(continues an earlier activity: what was said before is not kept any more)',
      expect.stringMatching(/ late$/),
    ])
    expect(await shown(thread)).toMatchObject({ purgedAt: null, messages: { edges: [{}] } })
    await keepFor(null)
  })
})
