/** Microsoft Dynamics 365: the Dataverse Web API as a provider. */
import { createLane, startDeadline } from '../http/index.ts'
import type { CrmProvider, ProviderDefinition, ProviderPorts, StoredTokens } from '../provider.ts'
import { signInAsApp } from './app-sign-in.ts'
import { createTokenSource } from './auth.ts'
import { createDataverseClient } from './client.ts'
import { type DynamicsConfig, parseDynamicsConfig } from './config.ts'
import { descriptor } from './descriptor.ts'
import { toRecordUrl } from './entities.ts'
import { createMetadata } from './metadata.ts'
import { renewSignIn, signIn } from './microsoft-sign-in.ts'
import { signInOnPremises } from './on-premises-sign-in.ts'
import { checkCredentials } from './operations/check.ts'
import { createRecord } from './operations/create.ts'
import { describeActivityType, describeEntityType, listEntityTypes } from './operations/describe.ts'
import { fileActivity, findActivity, updateActivity } from './operations/file-activity.ts'
import { findRecords } from './operations/find.ts'
import { searchRecords } from './operations/search.ts'
import { findSuccessor } from './operations/successor.ts'
import { updateRecord } from './operations/update.ts'
import type { Org } from './org.ts'

export const dynamics365: ProviderDefinition<DynamicsConfig> = {
  descriptor,
  parseConfig: parseDynamicsConfig,
  create: createDynamicsProvider,
  signIn,
}

/** New tokens, by the way in which the integration was connected. */
function newTokens(
  config: DynamicsConfig,
  { http, now }: ProviderPorts,
  before: StoredTokens | null,
): Promise<StoredTokens> {
  if (config.method === 'ON_PREMISES') return signInOnPremises(config, http, now)
  if (config.method === 'SIGN_IN') return renewSignIn(config, http, now, before)
  return signInAsApp(config, http, now)
}

/** A domain locks a user after a few tries within half an hour or less, and that user may be a person at work. */
const passwordRefusedForMs = 30 * 60_000

function createDynamicsProvider(config: DynamicsConfig, ports: ProviderPorts): CrmProvider {
  const { http, now } = ports
  const origin = config.applicationUrl
  const lane = createLane({ http, gate: ports.gate, now })
  const tokens = createTokenSource({
    store: ports.tokens,
    now,
    signIn: (before) => newTokens(config, ports, before),
    refusedForMs: config.method === 'ON_PREMISES' ? passwordRefusedForMs : undefined,
  })
  // v9.2 is of the cloud only (crm-apis.md 1.1).
  const apiVersion = config.method === 'ON_PREMISES' ? 'v9.1' : 'v9.2'
  const client = createDataverseClient({ origin, apiVersion, lane, tokens, now, onCall: ports.onCall })
  const org: Org = { origin, client, metadata: createMetadata(client, now) }

  return {
    key: 'DYNAMICS',
    capabilities: async () => ({ keyedActivities: true, keyedRecords: true }),
    limits: () => ({ used: null, limit: null, throttledUntil: lane.throttledUntil() }),
    checkCredentials: (options) => checkCredentials(org, startDeadline({ ...options, force: true })),
    listEntityTypes: (options) => listEntityTypes(org, startDeadline(options)),
    describeEntityType: (name, options) => describeEntityType(org, name, { ...options }, startDeadline(options)),
    describeActivityType: (type, options) => describeActivityType(org, type, startDeadline(options)),
    searchRecords: (request, options) => searchRecords(org, request, startDeadline(options)),
    findRecords: (entityName, remoteIds, selection, options) =>
      findRecords(org, entityName, remoteIds, selection, startDeadline(options)),
    createRecord: (request, options) => createRecord(org, request, startDeadline(options)),
    updateRecord: (reference, change, options) => updateRecord(org, reference, change, startDeadline(options)),
    findSuccessor: (reference, options) => findSuccessor(org, reference, startDeadline(options)),
    fileActivity: (draft, options) => fileActivity(org, draft, startDeadline(options)),
    findActivity: (type, remoteId, options) => findActivity(org, type, remoteId, startDeadline(options)),
    // The key is the primary key.
    findActivityByKey: (type, key, options) => findActivity(org, type, key, startDeadline(options)),
    updateActivity: (type, remoteId, change, options) =>
      updateActivity(org, type, remoteId, change, startDeadline(options)),
    recordUrl: ({ entityName, remoteId }) => toRecordUrl(origin, entityName, remoteId),
    // Connections belong to the HTTP client, which others use too.
    close: async () => {},
  }
}
