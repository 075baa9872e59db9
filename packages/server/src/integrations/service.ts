/** Integrations: who is connected, and what connecting, checking and disconnecting do. */
import {
  type CrmProvider,
  type DescribeOptions,
  type EntityDescriptor,
  ProviderError,
  type ProviderKey,
  type ProviderLimits,
  providerDefinitions,
} from '@backchannel/providers'
import type { EventBus } from '../events/bus.ts'
import type { StoredEvent } from '../events/event.ts'
import { ActionableError, CrmError, NotConnectedError, NotFoundError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { type ConnectDynamicsInput, createConnector } from './connect.ts'
import { integrationFaults, problemsOf } from './health.ts'
import type { IntegrationRegistry } from './registry.ts'
import type { SessionStore } from './session-store.ts'
import { createSessionWatch, type LastCalls } from './sessions.ts'
import {
  type BeginSignInInput,
  createSignIn,
  type ReturnedSignIn,
  type ReturningBrowser,
  type SignIn,
  type SignInParts,
  type SignInStarted,
} from './sign-in.ts'
import { type IntegrationProblem, type IntegrationSnapshot, isConnected } from './snapshot.ts'
import type { IntegrationStore } from './store.ts'

export type { ConnectDynamicsInput } from './connect.ts'
export type { BeginSignInInput, ReturningBrowser, SignInStarted } from './sign-in.ts'
export { ASKED_PATH } from './sign-in.ts'
export type { EntityTypeSnapshot, IntegrationSnapshot } from './snapshot.ts'
export { isConnected } from './snapshot.ts'

/** What of an org was looked at: one entity type as it is now, or, after connecting and checking, all of it (null). */
export interface OrgSeen {
  workspaceId: string
  integrationId: string
  entityType: { name: string; descriptor: EntityDescriptor | null } | null
}

export interface IntegrationService extends Pick<SignIn, 'readTicket' | 'acceptTicket'> {
  /** All of a workspace, in the order in which they were connected. */
  list(workspaceId: string): Promise<readonly IntegrationSnapshot[]>
  find(workspaceId: string, id: string): Promise<IntegrationSnapshot | null>
  /**
   * Runs `work` with the provider of a connected integration.
   *
   * @throws NotFoundError, NotConnectedError, or CrmError in place of the provider's own error
   */
  call<T>(workspaceId: string, id: string, work: (provider: CrmProvider) => Promise<T>): Promise<T>
  /**
   * One entity type as the org describes it; null where it has none of that name.
   *
   * @throws NotFoundError, NotConnectedError, CrmError
   */
  describe(
    workspaceId: string,
    id: string,
    entityName: string,
    options?: DescribeOptions,
  ): Promise<EntityDescriptor | null>
  /** Told whenever an org was looked at, so that settings which name something else can be marked. Never rejects. */
  onSeen(listener: (seen: OrgSeen) => void): void
  /** The provider itself, for the push worker, which decides by the provider's own errors. Null: not connected, or gone. */
  provider(workspaceId: string, id: string): Promise<CrmProvider | null>
  /** What is known of the org's budget of calls, whichever process heard of it; null: not connected, or gone. */
  limits(workspaceId: string, id: string): Promise<ProviderLimits | null>
  /**
   * What a call failed by: where it says that the integration needs a person, that is shown until a check finds it whole.
   * `connectedAt`: of the connection that the call was made with, where that is known; one made anew is not blamed.
   */
  noteFault(workspaceId: string, id: string, error: ProviderError, connectedAt?: Date | null): Promise<void>
  /** A push went through. Where a person was said to be needed, the CRM is asked how it stands now. Never rejects. */
  noteSuccess(workspaceId: string, id: string): Promise<void>

  /** Connects a Dynamics 365 environment by an app registration or on-premises, or reconnects it. */
  connectDynamics(viewer: Viewer, input: ConnectDynamicsInput): Promise<IntegrationSnapshot>
  beginSignIn(viewer: Viewer, input: BeginSignInInput): Promise<SignInStarted>
  /** Who comes back from the vendor's page; what it sent is redeemed by `connect`. */
  finishSignIn(
    provider: ProviderKey,
    query: URLSearchParams,
    browser: ReturningBrowser,
  ): Promise<ReturnedSignIn<IntegrationSnapshot>>
  /** Asks the CRM who we are there and keeps what it says. */
  check(viewer: Viewer, id: string): Promise<IntegrationSnapshot>
  /** Forgets the tokens. Settings stay; pushes wait. */
  disconnect(viewer: Viewer, id: string): Promise<IntegrationSnapshot>
  /**
   * The answer to SESSION_EXPIRING: go on. The CRM is asked besides, since its own session may have ended.
   *
   * @throws NotFoundError, NotConnectedError, CrmError
   */
  keepSession(viewer: Viewer, id: string): Promise<IntegrationSnapshot>
  /** How many seconds a person who was asked whether to go on still has; null where nobody is asked. */
  sessionEndsIn(workspaceId: string, id: string): Promise<number | null>
  /** What happens to the integrations of the viewer's workspace. */
  listen(viewer: Viewer, options: { after: number | null; signal: AbortSignal }): AsyncIterableIterator<StoredEvent>
  close(): Promise<void>
}

export interface IntegrationServiceParts extends SignInParts {
  store: IntegrationStore
  registry: IntegrationRegistry
  events: EventBus
  sessions: SessionStore
  /** The provider ports write it. */
  lastCalls: LastCalls
  onError(error: unknown): void
}

export function createIntegrationService(parts: IntegrationServiceParts): IntegrationService {
  const { store, registry, events, lastCalls, now, onError } = parts
  const connector = createConnector(parts)
  const signIn = createSignIn(parts, connector)
  const beingChecked = new Set<string>()
  const seenListeners: ((seen: OrgSeen) => void)[] = []
  const tell = (seen: OrgSeen) => {
    for (const listener of seenListeners) listener(seen)
  }
  const forget = events.onEvent((event) => {
    if (event.kind === 'INTEGRATION_CHANGED' && event.integrationId !== null) {
      registry.invalidate(event.workspaceId, event.integrationId)
    }
  })

  const sessions = createSessionWatch({
    store: parts.sessions,
    registry,
    events,
    lastCalls,
    end: async (workspaceId, id) => {
      const message = 'The session was idle, and nobody said to go on. Connect this org again.'
      const since = new Date(now()).toISOString()
      // Somebody may have signed in anew, or used it, at this very moment.
      const isAsked = async () => (await parts.sessions.find(workspaceId, id))?.promptedAt != null
      await forgetTokens(workspaceId, id, [{ code: 'CRM_UNAUTHENTICATED', message, since }], isAsked)
      await changed(workspaceId, id)
    },
    now,
    onError,
  })

  async function find(workspaceId: string, id: string): Promise<IntegrationSnapshot | null> {
    await sessions.settle()
    return registry.find(workspaceId, id)
  }

  async function get(workspaceId: string, id: string): Promise<IntegrationSnapshot> {
    await sessions.settle()
    return getKept(workspaceId, id)
  }

  async function getKept(workspaceId: string, id: string): Promise<IntegrationSnapshot> {
    const integration = await registry.find(workspaceId, id)
    if (integration === null) throw new NotFoundError('There is no such integration in this workspace.')
    return integration
  }

  /** Seen at once here, and by the event within a second everywhere else. */
  async function changed(workspaceId: string, integrationId: string): Promise<IntegrationSnapshot> {
    registry.invalidate(workspaceId, integrationId)
    await events.publish({ workspaceId, kind: 'INTEGRATION_CHANGED', integrationId })
    return getKept(workspaceId, integrationId)
  }

  /**
   * A refresh under way ends first, so that it cannot bring tokens back.
   *
   * @param still asked when nobody else can change them
   */
  async function forgetTokens(
    workspaceId: string,
    id: string,
    problems: IntegrationProblem[],
    still: () => Promise<boolean> = async () => true,
  ): Promise<void> {
    const tokens = parts.tokens(workspaceId, id)
    await tokens.withLock(async () => {
      if (!(await still())) return
      await store.disconnect(workspaceId, id, problems)
      await tokens.replace(null)
    })
  }

  async function noteFailure(workspaceId: string, id: string, error: ProviderError): Promise<void> {
    await store.noteHealth(workspaceId, id, { status: 'ATTENTION', problems: problemsOf(error, now()) })
    await changed(workspaceId, id)
  }

  async function noteFault(
    workspaceId: string,
    id: string,
    error: ProviderError,
    connectedAt?: Date | null,
  ): Promise<void> {
    if (!integrationFaults.includes(error.code)) return
    const integration = await registry.find(workspaceId, id)
    const isTheSame = connectedAt === undefined || integration?.connectedAt?.getTime() === connectedAt?.getTime()
    if (integration?.status === 'CONNECTED' && isTheSame) await noteFailure(workspaceId, id, error)
  }

  async function noteSuccess(workspaceId: string, id: string): Promise<void> {
    const integration = await registry.find(workspaceId, id)
    if (integration?.status !== 'ATTENTION' || beingChecked.has(id)) return
    beingChecked.add(id)
    await check({ workspaceId }, id)
      // What the CRM says is noted.
      .catch((error: unknown) => error instanceof ActionableError || onError(error))
      .finally(() => beingChecked.delete(id))
  }

  async function providerOf(workspaceId: string, id: string): Promise<CrmProvider | null> {
    const integration = await find(workspaceId, id)
    return integration !== null && isConnected(integration) ? registry.provider(workspaceId, id) : null
  }

  async function call<T>(workspaceId: string, id: string, work: (provider: CrmProvider) => Promise<T>): Promise<T> {
    const integration = await get(workspaceId, id)
    try {
      const provider = isConnected(integration) ? await registry.provider(workspaceId, id) : null
      if (provider === null) throw notConnected(integration)
      return await work(provider)
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      await noteFault(workspaceId, id, error, integration.connectedAt)
      throw new CrmError(integration.provider, error)
    }
  }

  async function check(viewer: Pick<Viewer, 'workspaceId'>, id: string): Promise<IntegrationSnapshot> {
    const integration = await get(viewer.workspaceId, id)
    const since = new Date(now()).toISOString()
    try {
      const provider = isConnected(integration) ? await registry.provider(viewer.workspaceId, id) : null
      if (provider === null) throw notConnected(integration)
      const check = await provider.checkCredentials({ force: true })
      const problems = check.problems.map((problem) => ({ ...problem, since }))
      const { connectedAs } = check
      await store.noteHealth(viewer.workspaceId, id, { status: 'CONNECTED', connectedAs, problems })
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      await noteFailure(viewer.workspaceId, id, error)
      throw new CrmError(integration.provider, error)
    }
    tell({ workspaceId: viewer.workspaceId, integrationId: id, entityType: null })
    return changed(viewer.workspaceId, id)
  }

  return {
    async list(workspaceId) {
      await sessions.settle()
      return registry.list(workspaceId)
    },
    find,
    call,

    async describe(workspaceId, id, entityName, options) {
      const descriptor = await call(workspaceId, id, (provider) => provider.describeEntityType(entityName, options))
      if (options?.recordType === undefined) {
        tell({ workspaceId, integrationId: id, entityType: { name: entityName, descriptor } })
      }
      return descriptor
    },

    onSeen(listener) {
      seenListeners.push(listener)
    },

    noteFault,
    noteSuccess,

    provider: providerOf,

    async limits(workspaceId, id) {
      const limits = (await providerOf(workspaceId, id))?.limits() ?? null
      if (limits === null) return null
      const asked = (await store.askedToWait(workspaceId, id))?.getTime() ?? 0
      const until = Math.max(limits.throttledUntil ?? 0, asked)
      return { ...limits, throttledUntil: until > now() ? until : null }
    },

    async connectDynamics(viewer, input) {
      const id = await connector.connectDynamics(viewer.workspaceId, input)
      tell({ workspaceId: viewer.workspaceId, integrationId: id, entityType: null })
      return changed(viewer.workspaceId, id)
    },

    beginSignIn: signIn.begin,
    readTicket: signIn.readTicket,
    acceptTicket: signIn.acceptTicket,

    async finishSignIn(provider, query, browser) {
      const { connect, ...returned } = await signIn.finish(provider, query, browser)
      const { workspaceId } = returned.begunBy
      return {
        ...returned,
        async connect() {
          const integrationId = await connect()
          await sessions.refresh()
          tell({ workspaceId, integrationId, entityType: null })
          return changed(workspaceId, integrationId)
        },
      }
    },

    check,

    async disconnect(viewer, id) {
      await get(viewer.workspaceId, id)
      await forgetTokens(viewer.workspaceId, id, [])
      return changed(viewer.workspaceId, id)
    },

    async keepSession(viewer, id) {
      const integration = await get(viewer.workspaceId, id)
      if (!isConnected(integration)) throw notConnected(integration)
      await sessions.keep(viewer.workspaceId, id)
      return check(viewer, id)
    },

    async sessionEndsIn(workspaceId, id) {
      const options = (await registry.find(workspaceId, id))?.settings.salesforce
      const promptedAt = options && (await parts.sessions.find(workspaceId, id))?.promptedAt
      if (!promptedAt) return null
      return Math.max(0, Math.ceil((promptedAt.getTime() - now()) / 1_000) + options.sessionGraceSeconds)
    },

    listen({ workspaceId }, { after, signal }) {
      const kinds = ['INTEGRATION_CHANGED', 'SETTINGS_CHANGED', 'SESSION_EXPIRING'] as const
      return events.subscribe(workspaceId, { kinds, signal, ...(after === null ? {} : { after }) })
    },

    async close() {
      forget()
      await sessions.close()
      await registry.close()
    },
  }
}

/** Also where a search finds nobody to ask. */
function notConnected(integration: IntegrationSnapshot): NotConnectedError {
  const { displayName } = providerDefinitions[integration.provider].descriptor
  return new NotConnectedError(
    [integration.provider],
    `${integration.name} (${displayName}) is not connected. An admin can connect it again under Integrations.`,
  )
}
