/** An emulated Dataverse org with a provider of it, for what only such orgs do. */
import { randomUUID } from 'node:crypto'
import { createControl, dynamicsDemo, startEmulator } from '@backchannel/emulator'
import {
  type CrmProvider,
  createHttpClient,
  createProvider,
  type FieldType,
  type FieldValue,
  type RemoteReference,
  type SearchBy,
  type SearchTarget,
} from '@backchannel/providers'
import { createMemoryTokenStore } from '@backchannel/providers/testing'

export const target = (kind: 'ACCOUNT' | 'CONTACT' | 'LEAD'): SearchTarget => ({
  entityName: kind.toLowerCase(),
  kind,
  selection: { attributes: [], fields: [] },
})

export const field = (
  name: string,
  type: FieldType,
  value: string | null,
  reference: RemoteReference | null = null,
): FieldValue => ({ name, type, value, values: null, reference })

export async function openDynamicsOrg() {
  const { dynamics, stop } = await startEmulator({ people: 100 })
  const control = createControl(dynamics.url)
  const http = createHttpClient({ allowedHosts: [new URL(dynamics.url).host] })
  const config = {
    method: 'APP_REGISTRATION',
    applicationUrl: `${dynamics.url}/main.aspx?appid=1`,
    authority: dynamics.url,
    tenantId: dynamicsDemo.tenantId,
    clientId: dynamicsDemo.clientId,
    clientSecret: dynamicsDemo.clientSecret,
  }
  /** The wall clock of the provider, to let its caches grow old. */
  let aheadMs = 0
  let provider = open()

  function open(): CrmProvider {
    return createProvider('DYNAMICS', config, {
      http,
      tokens: createMemoryTokenStore(),
      now: () => Date.now() + aheadMs,
    })
  }

  return {
    control,
    http,
    config,
    /** The org as it was at the beginning, and a provider that knows nothing of it. */
    async renew(): Promise<CrmProvider> {
      await control.reset()
      aheadMs = 0
      provider = open()
      return provider
    },
    passTime(ms: number): void {
      aheadMs += ms
    },
    search: (by: SearchBy[], targets: SearchTarget[]) =>
      provider.searchRecords({ by, targets, first: 10, region: 'US' }),
    create: (entityName: string, values: FieldValue[], allowDuplicate = false) =>
      provider.createRecord({ entityName, kind: 'CUSTOM', values, key: randomUUID(), allowDuplicate }),
    dataCalls: async () => (await control.calls()).filter(({ path }) => path.startsWith('/api/data/')),
    async close(): Promise<void> {
      await http.close()
      await stop()
    },
  }
}
