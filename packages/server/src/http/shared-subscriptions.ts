/**
 * Subscribers that ask for the same, with the same rights, share one execution: each event is resolved and rendered once,
 * at the time it happens, and every subscriber is handed the same result (docs/decisions/0011-fan-out.md).
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql'
import type { GatewayContext } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import type { EventSubscription } from '../events/subscription.ts'
import type { Logger } from '../shared/logger.ts'
import { rightsOf, type Viewer } from '../viewers/viewer.ts'
import { refuseLong } from './answer-text.ts'
import { isDatabaseTrouble } from './database-trouble.ts'
import type { Results } from './event-stream.ts'
import { type LiveSubscription, readLiveSubscription } from './live-subscription.ts'
import { asGraphQLError, maskResult, rootOf } from './masking.ts'
import { refusalError } from './refusal.ts'
import { createSharedStream, type SharedStream } from './shared-stream.ts'

/** What a context is made for. */
export interface ContextRequest {
  readonly viewer: Viewer
  readonly requestId: string
  /** Ends what is done for it. */
  readonly signal: AbortSignal
}

export type CreateContext = (request: ContextRequest) => GatewayContext

/** Its errors are masked. */
export type Subscribe = (args: ExecutionArgs) => Promise<Results | ExecutionResult>

/**
 * @param createContext makes the context of one event: what it has loaded is forgotten before the next one
 * @param mostBytes of what is told of one event; in place of what is longer comes an error that says so
 */
export function createSharedSubscriptions(createContext: CreateContext, mostBytes: number, logger: Logger): Subscribe {
  const streams = new Map<string, Promise<SharedStream | ExecutionResult>>()

  async function join(
    live: LiveSubscription,
    { viewer, services, signal }: GatewayContext,
  ): Promise<Results | ExecutionResult> {
    const rights = rightsOf(viewer)
    const key = JSON.stringify([live.key, rights])
    const after = live.after ?? (await services.events.latestId())
    for (;;) {
      const opening = streams.get(key) ?? open(key, live, after, rights, services)
      const stream = await opening
      if (!('join' in stream)) return stream
      const results = await stream.join(after, signal)
      // Its last subscriber has left at this moment, and it has ended with it.
      if (results !== null) return results
    }
  }

  function open(
    key: string,
    live: LiveSubscription,
    after: number,
    rights: Viewer,
    { events }: GatewayContext['services'],
  ): Promise<SharedStream | ExecutionResult> {
    const forget = () => {
      if (streams.get(key) === opening) streams.delete(key)
    }
    const opening = openStream(live, after, rights, events, (error) => {
      forget()
      if (error !== undefined) logger.error({ err: error }, 'A subscription failed; its subscribers come back')
    })
    streams.set(key, opening)
    opening.then((stream) => {
      if (!('join' in stream)) forget()
    }, forget)
    return opening
  }

  async function openStream(
    live: LiveSubscription,
    begin: number,
    rights: Viewer,
    events: GatewayContext['services']['events'],
    onEnd: (error?: unknown) => void,
  ): Promise<SharedStream | ExecutionResult> {
    const newRequest = (signal: AbortSignal) => ({ viewer: rights, requestId: randomUUID(), signal })
    return createSharedStream({
      // Those who come back after a cut come back together: the first of them lets all of them in.
      start: events.remembers(begin) ? begin : await events.latestId(),
      async read(after, signal) {
        const request = newRequest(signal)
        const source = await createSourceEventStream({
          ...live.beginAfter(after),
          contextValue: createContext(request),
        })
        if ('next' in source) return source as EventSubscription
        const trouble = troubleIn(source as ExecutionResult)
        // Whoever is refused does not come back; whoever is cut off does.
        if (trouble) throw trouble
        return maskResult(source as ExecutionResult, request.requestId, logger)
      },
      async resolve(event: StoredEvent, signal) {
        const operation = { ...live.beginAfter(event.id), rootValue: event }
        return resolve(operation, newRequest(signal))
      },
      onEnd,
    })
  }

  /**
   * The result of one event, as subscribers get it. While the database is away they wait: nobody asks again for an event
   * that came without what happened.
   */
  async function resolve(operation: ExecutionArgs, request: ContextRequest): Promise<ExecutionResult> {
    const { requestId, signal } = request
    let result = await execute({ ...operation, contextValue: createContext(request) })
    while (troubleIn(result) && !signal.aborted) {
      await wait(AGAIN_MS, undefined, { signal }).catch(() => {})
      result = await execute({ ...operation, contextValue: createContext(request) })
    }
    const masked = maskResult(result, requestId, logger)
    const tooLong = refuseLong(masked, mostBytes)
    return tooLong ? { errors: [refusalError(tooLong)] } : masked
  }

  return async (args) => {
    // The engine runs nothing without the context of its request.
    const context = args.contextValue as GatewayContext
    try {
      const live = readLiveSubscription(args)
      const isShared = live !== null && !(await isAhead(live, context))
      return await (isShared ? join(live, context) : subscribeAlone(args, context))
    } catch (cause) {
      return maskResult({ errors: [asGraphQLError(cause)] }, context.requestId, logger)
    }
  }

  async function subscribeAlone(args: ExecutionArgs, context: GatewayContext): Promise<Results | ExecutionResult> {
    const { viewer, requestId, signal } = context
    const events = await createSourceEventStream(args)
    if (!('next' in events)) return maskResult(events as ExecutionResult, requestId, logger)
    const source = events as AsyncIterableIterator<unknown>
    const results: Results = {
      async next() {
        const { done, value: rootValue } = await source.next()
        if (done) return { done: true, value: undefined }
        return { done: false, value: await resolve({ ...args, rootValue }, { viewer, requestId, signal }) }
      },
      async return() {
        await source.return?.()
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
    return results
  }
}

/** How long a database that was away is left alone, in milliseconds. */
const AGAIN_MS = 500

/** What went wrong with the database in a result, where that is why it has errors. */
function troubleIn({ errors = [] }: ExecutionResult): Error | undefined {
  return errors.map(rootOf).find(isDatabaseTrouble)
}

/** Its cursor is of an event that nobody was told of here yet, or that never was: its field decides what is said to that. */
async function isAhead({ after }: LiveSubscription, { services }: GatewayContext): Promise<boolean> {
  return after !== null && after > (await services.events.latestId())
}
