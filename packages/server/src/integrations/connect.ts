/** What every way of connecting ends with: ask the CRM who we are there, then keep the integration. */
import {
  type CredentialsCheck,
  createProvider,
  type HttpClient,
  ProviderError,
  type ProviderKey,
  type ProviderPorts,
  providerDefinitions,
  type StoredTokens,
  type TokenStore,
} from '@backchannel/providers'
import { v7 as uuid } from 'uuid'
import { isUniqueViolation } from '../database/unique-violation.ts'
import { sealed } from '../secrets/sealed-columns.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { ConflictError, CrmError, NotFoundError, ValidationError } from '../shared/errors.ts'
import type { IntegrationRegistry } from './registry.ts'
import { defaultDynamicsOptions, defaultSalesforceOptions } from './settings.ts'
import type { IntegrationStore } from './store.ts'

export interface ConnectAppRegistrationInput {
  integrationId?: string | null | undefined
  applicationUrl: string
  tenantId: string
  clientId: string
  clientSecret?: string | null | undefined
  certificatePem?: string | null | undefined
  authority?: string | null | undefined
}

export interface ConnectOnPremisesInput {
  integrationId?: string | null | undefined
  applicationUrl: string
  username: string
  password: string
  authority?: string | null | undefined
  clientId?: string | null | undefined
}

/** Exactly one of them. */
export type ConnectDynamicsInput =
  | { appRegistration: ConnectAppRegistrationInput }
  | { onPremises: ConnectOnPremisesInput }

export interface ConnectorParts {
  store: IntegrationStore
  registry: IntegrationRegistry
  secrets: SecretBox
  http: HttpClient
  tokens: (workspaceId: string, integrationId: string) => TokenStore
  now: () => number
  /** Hosts (host:port) of the emulated CRMs: what is connected there is labelled so. */
  emulatedHosts: readonly string[]
}

export interface Connection {
  provider: ProviderKey
  /** As `parseConfig` gave it. */
  config: unknown
  /** Null: the provider gets its own with the credentials in the config. */
  tokens: StoredTokens | null
  /** Reconnect this one; another org is refused. */
  integrationId: string | null
}

export interface Connector {
  connectDynamics(workspaceId: string, input: ConnectDynamicsInput): Promise<string>
  /** Checks and keeps; answers the integration's id. */
  keep(workspaceId: string, connection: Connection): Promise<string>
}

export function createConnector(parts: ConnectorParts): Connector {
  const { store, registry, secrets, http, tokens, now, emulatedHosts } = parts

  async function checkOrg(connection: Connection): Promise<{ check: CredentialsCheck; tokens: StoredTokens | null }> {
    const held = createHeldTokens(connection.tokens)
    const ports: ProviderPorts = { http, tokens: held, now }
    const provider = createProvider(connection.provider, connection.config, ports)
    try {
      return { check: await provider.checkCredentials(), tokens: await held.read() }
    } catch (error) {
      throw error instanceof ProviderError ? new CrmError(connection.provider, error) : error
    } finally {
      await provider.close()
    }
  }

  async function keep(workspaceId: string, connection: Connection): Promise<string> {
    const { provider, config, integrationId } = connection
    const known = await registry.list(workspaceId)
    const wanted = integrationId === null ? null : known.find((it) => it.id === integrationId)
    if (wanted === undefined) throw new NotFoundError('There is no such integration in this workspace.')

    const { check, tokens: received } = await checkOrg(connection)
    if (wanted !== null && wanted.orgId !== check.orgId) throw otherOrg(provider, wanted.name)

    const existing = wanted ?? known.find((it) => it.provider === provider && it.orgId === check.orgId)
    const id = existing?.id ?? uuid()
    const connectedAt = new Date(now())
    const problems = check.problems.map((problem) => ({ ...problem, since: connectedAt.toISOString() }))
    const configSealed = secrets.seal(sealed.config.identity(id), JSON.stringify(config))
    const { connectedAs, orgId, url } = check
    const { descriptor } = providerDefinitions[provider]
    const found = { name: check.orgName ?? descriptor.displayName, url, connectedAs, connectedAt, problems }
    if (existing === undefined) {
      const emulated = emulatedHosts.includes(new URL(url).host)
      const integration = { ...found, provider, orgId, emulated, ...newSettings(provider) }
      await store.create(workspaceId, id, integration, configSealed).catch((error: unknown) => {
        throw isUniqueViolation(error) ? connectedMeanwhile(found.name) : error
      })
      await tokens(workspaceId, id).replace(received)
    } else {
      const stored = tokens(workspaceId, id)
      // A renewal under way ends first, so that it cannot put the tokens of before in the place of these.
      await stored.withLock(async () => {
        await stored.replace(received)
        await store.reconnect(workspaceId, id, found, configSealed)
      })
    }
    return id
  }

  return {
    keep,
    async connectDynamics(workspaceId, way) {
      const [method, name, { integrationId, ...input }] =
        'onPremises' in way
          ? (['ON_PREMISES', 'onPremises', way.onPremises] as const)
          : (['APP_REGISTRATION', 'appRegistration', way.appRegistration] as const)
      const config = parseConfig('DYNAMICS', { method, ...input }, ['input', name])
      return keep(workspaceId, { provider: 'DYNAMICS', config, tokens: null, integrationId: integrationId ?? null })
    },
  }
}

/** @throws ValidationError whose paths lead to the inputs below `path` */
export function parseConfig(provider: ProviderKey, json: unknown, path: readonly string[]): unknown {
  try {
    return providerDefinitions[provider].parseConfig(json)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw new ValidationError(error.fields.map(({ name, message }) => ({ path: [...path, name], message })))
  }
}

/** What an integration starts with: the three entity types, every built-in field shown, none required beyond the CRM's own. */
function newSettings(provider: ProviderKey) {
  const { entityTypes, defaultFields } = providerDefinitions[provider].descriptor
  return {
    entityTypes: entityTypes.map((entityType) => ({ ...entityType, searchable: true, creatable: true })),
    defaultFields: defaultFields
      .filter((field) => field.switchable)
      .map(({ kind, name }) => ({ kind, name, required: false, showOnForm: true })),
    dynamics: provider === 'DYNAMICS' ? defaultDynamicsOptions : null,
    salesforce: provider === 'SALESFORCE' ? defaultSalesforceOptions : null,
  }
}

function connectedMeanwhile(name: string): ConflictError {
  return new ConflictError(`${name} was connected by somebody else at this moment. Load the integrations again.`)
}

/** Old tags would go astray in another org. */
function otherOrg(provider: ProviderKey, name: string): CrmError {
  return new CrmError(provider, {
    code: 'CRM_OTHER_ORG',
    message: `These credentials lead to another org than the one that ${name} is bound to. Connect that org as an integration of its own.`,
  })
}

/** Tokens of a connection that is not kept yet. */
function createHeldTokens(tokens: StoredTokens | null): TokenStore {
  let held = tokens
  return {
    read: async () => held,
    replace: async (next) => {
      held = next
    },
    withLock: (work) => work(),
  }
}
