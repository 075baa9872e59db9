import { buildSchema, type GraphQLObjectType, parse } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import type { GatewayContext } from '../context.ts'
import { DatabaseBusyError } from '../database/index.ts'
import { createEventBus } from '../events/bus.ts'
import type { StoredEvent } from '../events/event.ts'
import { createLogger } from '../shared/logger.ts'
import { openTestDatabase } from '../testing/database.ts'
import { testViewer } from '../testing/http.ts'
import type { Results } from './event-stream.ts'
import { createSharedSubscriptions } from './shared-subscriptions.ts'

/** Subscriptions to the pushes of a workspace; none is resolved before `open` is called. */
async function createWorld() {
  const { prisma, workspaceId } = await openTestDatabase()
  const bus = createEventBus({ prisma, pollMs: 60_000 })
  onTestFinished(() => bus.close())
  await bus.latestId()
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const contexts: unknown[] = []
  const failures: Error[] = []
  const schema = buildSchema('type Query { nothing: String } type Subscription { pushed(after: ID): String! }')
  const { pushed } = (schema.getSubscriptionType() as GraphQLObjectType).getFields()
  if (!pushed) throw new Error('No such field')
  pushed.subscribe = (_root, { after }, { signal }) =>
    bus.subscribe(workspaceId, { signal, ...(after != null && { after: Number(after) }) })
  pushed.resolve = async ({ pushId }: StoredEvent, _args, context) => {
    await opened
    contexts.push(context)
    const failure = failures.pop()
    if (failure) throw failure
    return pushId
  }

  const createContext = (request: object) => ({ ...request, services: { events: bus } }) as GatewayContext
  const subscribe = createSharedSubscriptions(createContext, 1_000, createLogger('silent'))
  return {
    open,
    contexts,
    failures,
    async publish(pushId: string) {
      await bus.publish({ workspaceId, kind: 'PUSH_UPDATED', pushId })
      const { newest } = await bus.bounds()
      await expect.poll(() => bus.latestId()).toBe(newest)
    },
    async subscribe(query: string): Promise<Results> {
      const { signal } = new AbortController()
      const contextValue = createContext({ viewer: testViewer('ADMIN'), requestId: 'request', signal })
      const results = await subscribe({ schema, document: parse(query), contextValue })
      if (!('next' in results)) throw new Error(JSON.stringify(results))
      onTestFinished(async () => void (await results.return?.()))
      return results
    },
  }
}

async function take(results: Results, count: number): Promise<unknown[]> {
  const taken: unknown[] = []
  while (taken.length < count) taken.push((await results.next()).value?.data?.pushed)
  return taken
}

test('one that begins now is told of nothing that one beside it still catches up with', async () => {
  const { open, publish, subscribe } = await createWorld()
  for (const id of ['1', '2', '3']) await publish(id)
  const back = await subscribe('subscription { pushed(after: "0") }')
  const fresh = await subscribe('subscription { pushed }')
  await publish('4')
  open()
  expect(await take(fresh, 1)).toEqual(['4'])
  expect(await take(back, 4)).toEqual(['1', '2', '3', '4'])
})

test('who shares with nobody gets each event with a context of its own, too', async () => {
  const { open, publish, subscribe, contexts } = await createWorld()
  open()
  const alone = await subscribe('subscription { ...F } fragment F on Subscription { pushed }')
  const taken = take(alone, 2)
  await publish('1')
  await publish('2')
  expect(await taken).toEqual(['1', '2'])
  expect(contexts[0]).not.toBe(contexts[1])
})

test('what is told of one event has no more bytes than it may, for all who share it (T9)', async () => {
  const { open, publish, subscribe } = await createWorld()
  open()
  const both = await Promise.all([1, 2].map(() => subscribe('subscription { pushed }')))
  await publish('x'.repeat(1_000))
  await publish('2')
  for (const results of both) {
    const limit = { name: 'answerBytes', most: 1_000, found: 1_022 }
    const { value } = await results.next()
    expect(value?.errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED', limit } }])
    expect(await take(results, 1)).toEqual(['2'])
  }
})

test.each([
  ['which is shared', 'subscription { pushed }'],
  ['which is not', 'subscription { ...F } fragment F on Subscription { pushed }'],
])(
  'an event that is read while the database is away is told when it is back, in a subscription %s (F28)',
  async (_what, query) => {
    const { open, publish, subscribe, contexts, failures } = await createWorld()
    open()
    failures.push(new DatabaseBusyError('busy'), new DatabaseBusyError('busy'))
    const results = await subscribe(query)
    const taken = take(results, 2)
    await publish('1')
    await publish('2')
    expect(await taken).toEqual(['1', '2'])
    expect(contexts).toHaveLength(4)
  },
)
