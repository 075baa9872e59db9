/** A Salesforce org of a few lines, for what the emulated one has no switch for: a test overrules any of its answers. */
import { createHttpClient } from '../http/index.ts'
import type { CrmProvider, ProviderCall, TokenStore } from '../provider.ts'
import { salesforce } from '../salesforce/index.ts'
import { type ScriptedAnswer, type ScriptedRequest, startScriptedServer } from './scripted-server.ts'
import { createMemoryTokenStore } from './token-store.ts'

export type Overrule = (request: ScriptedRequest) => ScriptedAnswer | undefined | Promise<ScriptedAnswer | undefined>

export interface ScriptedSalesforce {
  provider: CrmProvider
  requests: ScriptedRequest[]
  calls: ProviderCall[]
  /** The requests for rows: neither metadata nor tokens. */
  data(): ScriptedRequest[]
  clock: { now: number }
  /** Holds `first`; others may write to it as another process does. */
  tokens: TokenStore
  close(): Promise<void>
}

const root = '/services/data/v60.0'

export const describedField = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  label: name,
  type: 'string',
  length: 80,
  nillable: true,
  defaultedOnCreate: false,
  createable: true,
  filterable: true,
  ...more,
})

export const keyField = describedField('Backchannel_Key__c', { length: 64, externalId: true, unique: true })

const fieldsOf: Record<string, ReturnType<typeof describedField>[]> = {
  Account: [describedField('Phone', { type: 'phone' }), describedField('AccountNumber'), keyField],
  Contact: [describedField('Phone', { type: 'phone' }), describedField('Email', { type: 'email' }), keyField],
  Lead: [describedField('Phone', { type: 'phone' }), describedField('IsConverted', { type: 'boolean' }), keyField],
  Task: [
    describedField('Subject', { type: 'combobox', length: 255 }),
    describedField('Description', { type: 'textarea', length: 32_000, filterable: false }),
    describedField('CallObject', { length: 255 }),
    keyField,
  ],
}

/** The answer to a describe, with fields changed as `change` says. */
export function describeAnswer(
  entityName: string,
  change: (fields: ReturnType<typeof describedField>[]) => ReturnType<typeof describedField>[] = (fields) => fields,
): ScriptedAnswer {
  const own = fieldsOf[entityName]
  if (own === undefined)
    return { status: 404, json: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }] }
  const fields = [describedField('Id', { type: 'id' }), describedField('Name', { nameField: true }), ...change(own)]
  return { json: { name: entityName, label: entityName, createable: true, fields, recordTypeInfos: [] } }
}

/** The answer to a describe, without some of its fields. */
export const describeWithout = (entityName: string, ...names: string[]) =>
  describeAnswer(entityName, (fields) => fields.filter(({ name }) => !names.includes(name)))

export const rows = (...records: Record<string, unknown>[]): ScriptedAnswer => ({
  json: { totalSize: records.length, done: true, records },
})

export const refusal = (status: number, errorCode: string, more: Record<string, unknown> = {}): ScriptedAnswer => ({
  status,
  json: [{ errorCode, message: errorCode, ...more }],
})

function answerOf(request: ScriptedRequest): ScriptedAnswer {
  const described = /\/sobjects\/(\w+)\/describe$/.exec(request.path)?.[1]
  if (described !== undefined) return describeAnswer(described)
  if (request.path === `${root}/query`) {
    const asksForOrg = request.query.get('q')?.includes('FROM Organization')
    return asksForOrg ? rows({ Id: '00Dx0000000BV7zEAG', Name: 'Acme' }) : rows()
  }
  if (request.path === `${root}/composite`) {
    const { compositeRequest } = JSON.parse(request.body) as { compositeRequest: { referenceId: string }[] }
    return {
      json: {
        compositeResponse: compositeRequest.map(({ referenceId }) => ({
          referenceId,
          httpStatusCode: 200,
          httpHeaders: {},
          body: { totalSize: 0, done: true, records: [] },
        })),
      },
    }
  }
  if (request.path === '/services/oauth2/token') return { json: { access_token: 'second' } }
  return { status: 404, json: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }] }
}

/** @param overrule the answer to a request; undefined leaves it to the org */
export async function openScriptedSalesforce(overrule: Overrule = () => undefined): Promise<ScriptedSalesforce> {
  const server = await startScriptedServer(async (request) => (await overrule(request)) ?? answerOf(request))
  const http = createHttpClient({ allowedHosts: [new URL(server.url).host] })
  const calls: ProviderCall[] = []
  const clock = { now: Date.now() }
  const tokens = createMemoryTokenStore({
    accessToken: 'first',
    refreshToken: 'r',
    expiresAt: null,
    instanceUrl: server.url,
  })
  const provider = salesforce.create(
    { method: 'SIGN_IN', loginUrl: server.url, clientId: 'app' },
    {
      http,
      tokens,
      now: () => clock.now,
      onCall: (call) => calls.push(call),
    },
  )
  return {
    provider,
    requests: server.requests,
    calls,
    data: () => server.requests.filter(({ path }) => !path.includes('/describe') && !path.includes('/oauth2/')),
    clock,
    tokens,
    async close() {
      await provider.close()
      await http.close()
      await server.close()
    },
  }
}
