/** The emulated Salesforce for tests of what only it has: as seeded at each test, with a provider that knows nothing of it yet. */
import { createControl } from '@backchannel/emulator'
import {
  type CreateRecordRequest,
  type CrmProvider,
  createHttpClient,
  type FieldValue,
  type HttpClient,
  type ProviderPorts,
  type RemoteReference,
  type StoredTokens,
} from '@backchannel/providers'
import type { OrgNetwork, ProviderUnderTest } from '@backchannel/providers/testing'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { emulatedSalesforce } from './emulated-org.ts'

export interface OpenedSalesforce {
  readonly control: ReturnType<typeof createControl>
  readonly provider: CrmProvider
  /** Another one, which shares nothing with it but the session. */
  another(): CrmProvider
  create(
    entityName: string,
    values: readonly FieldValue[],
    more?: Partial<CreateRecordRequest>,
  ): Promise<RemoteReference>
  /** A row as the org keeps it; empty where there is none. */
  rowOf(entityName: string, remoteId: string): Promise<Record<string, unknown>>
}

const kinds: Record<string, CreateRecordRequest['kind']> = { Account: 'ACCOUNT', Contact: 'CONTACT', Lead: 'LEAD' }

/** At the top of a test file, once. */
export function openSalesforce(): OpenedSalesforce {
  let org: ProviderUnderTest
  let network: OrgNetwork
  let http: HttpClient
  let control: ReturnType<typeof createControl>
  let tokens: StoredTokens | null
  let provider: CrmProvider

  beforeAll(async () => {
    org = await emulatedSalesforce()
    if (org.network === null) throw new Error('The emulated org is reached over a network.')
    network = org.network
    http = createHttpClient({ allowedHosts: network.allowedHosts })
    control = createControl(`http://${network.allowedHosts[0]}`)
  })

  afterAll(async () => {
    await http.close()
    await org.close?.()
  })

  beforeEach(async () => {
    await control.reset()
    tokens = await network.signIn(http)
    provider = another()
  })

  function another(): CrmProvider {
    const ports: ProviderPorts = {
      http,
      tokens: {
        read: () => Promise.resolve(tokens),
        replace(next) {
          tokens = next
          return Promise.resolve()
        },
        withLock: (work) => work(),
      },
      now: Date.now,
    }
    return org.create(ports)
  }

  return {
    get control() {
      return control
    },
    get provider() {
      return provider
    },
    another,
    create: (entityName, values, more) =>
      provider.createRecord({
        entityName,
        kind: kinds[entityName] ?? 'CUSTOM',
        values,
        key: freshKey(),
        allowDuplicate: false,
        ...more,
      }),
    rowOf: async (entityName, remoteId) => (await control.records(entityName, { Id: remoteId }))[0] ?? {},
  }
}

/** A text on its way into a field. */
export const text = (name: string, value: string): FieldValue => ({
  name,
  type: 'TEXT',
  value,
  values: null,
  reference: null,
})

/** One of the create keys that a caller makes. */
export const freshKey = () => crypto.randomUUID()
