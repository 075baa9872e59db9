/** A Dataverse org of a few lines, for what the emulated one has no switch for: a test decides every answer. */
import { onTestFinished } from 'vitest'
import { dynamics365 } from '../dynamics365/index.ts'
import { createHttpClient } from '../http/index.ts'
import type { CrmProvider, ProviderCall } from '../provider.ts'
import { type ScriptedAnswer, type ScriptedRequest, startScriptedServer } from './scripted-server.ts'
import { createMemoryTokenStore } from './token-store.ts'

export interface ScriptedDynamics {
  provider: CrmProvider
  /** Everything that arrived; the provider is signed in already. */
  requests: ScriptedRequest[]
  /** Those for rows rather than metadata. */
  data(): ScriptedRequest[]
  calls: ProviderCall[]
}

/** One answer inside a batch. */
export type Part = [status: number, json: unknown]

/** Ends with the test that opens it. @param describe the answer to a request for metadata */
export async function openScriptedDynamics(
  answer: (request: ScriptedRequest) => ScriptedAnswer,
  describe: (request: ScriptedRequest) => ScriptedAnswer = describeAnswer,
): Promise<ScriptedDynamics> {
  const server = await startScriptedServer((request) => (isMetadata(request) ? describe(request) : answer(request)))
  const http = createHttpClient({ allowedHosts: ['127.0.0.1'] })
  const calls: ProviderCall[] = []
  const config = { method: 'APP_REGISTRATION' as const, applicationUrl: server.url, tenantId: 't', clientId: 'c' }
  const expiresAt = Date.now() + 3_600_000
  const tokens = createMemoryTokenStore({ accessToken: 'token', refreshToken: null, expiresAt, instanceUrl: null })
  const provider = dynamics365.create(config, { http, tokens, now: Date.now, onCall: (call) => calls.push(call) })
  onTestFinished(async () => {
    await http.close()
    await server.close()
  })
  return {
    provider,
    requests: server.requests,
    data: () => server.requests.filter((request) => !isMetadata(request)),
    calls,
  }
}

export function toBatch(parts: readonly Part[]): ScriptedAnswer {
  const texts = parts.map(
    ([status, json]) =>
      `--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ${status} X\r\n\r\n${JSON.stringify(json)}\r\n`,
  )
  return { headers: { 'content-type': 'multipart/mixed; boundary=b' }, text: `${texts.join('')}--b--\r\n` }
}

export function refusal(status: number, code: string, message = '…'): ScriptedAnswer {
  return { status, json: { error: { code, message } } }
}

const attributes = new Map<string, [name: string, type: string][]>(
  Object.entries({
    contact: [
      ['contactid', 'Uniqueidentifier'],
      ['lastname', 'String'],
      ['emailaddress1', 'String'],
      ['telephone1', 'String'],
      ['parentcustomerid', 'Customer'],
    ],
    task: [
      ['activityid', 'Uniqueidentifier'],
      ['subject', 'String'],
      ['description', 'Memo'],
      ['statecode', 'State'],
    ],
    new_chatsession: [
      ['activityid', 'Uniqueidentifier'],
      ['subject', 'String'],
      ['description', 'Memo'],
      ['statecode', 'State'],
    ],
  }),
)

const relationships = new Map<string, [lookup: string, target: string, property: string][]>(
  Object.entries({
    contact: [['parentcustomerid', 'account', 'parentcustomerid_account']],
    new_chatsession: [['regardingobjectid', 'contact', 'regardingobjectid_new_Contact_chatsession']],
  }),
)

const completed = (DefaultStatus: number) => ({
  LogicalName: 'statecode',
  OptionSet: { Options: [{ Value: 1, InvariantName: 'Completed', DefaultStatus }] },
})

function isMetadata({ path, body }: ScriptedRequest): boolean {
  return path.includes('/EntityDefinitions') || body.includes('/EntityDefinitions')
}

/** Metadata of the tables above: their list, or one of them to the batch that asks for it. All others are not there. */
function describeAnswer({ path: asked, body }: ScriptedRequest): ScriptedAnswer {
  if (asked.endsWith('/EntityDefinitions')) {
    return { json: { value: [...attributes].map(([name, own]) => toDefinition(name, own)) } }
  }
  const paths = body.match(/(?<=GET )\S+/g) ?? []
  const name = /LogicalName='([^']*)'/.exec(paths[0] ?? '')?.[1] ?? ''
  const own = attributes.get(name)
  return toBatch(
    paths.map((path): Part => {
      if (own === undefined) return [404, { error: { code: '0x80060888', message: 'Not found' } }]
      if (path.includes('/ManyToOneRelationships'))
        return [200, { value: (relationships.get(name) ?? []).map(toRelationship) }]
      if (path.includes('.StateAttributeMetadata')) return [200, { value: [completed(name === 'task' ? 5 : 2)] }]
      if (path.includes('AttributeMetadata')) return [200, { value: [] }]
      if (path.includes('/Attributes')) return [200, { value: own.map(toAttribute) }]
      return [200, toDefinition(name, own)]
    }),
  )
}

function toDefinition(name: string, own: [name: string, type: string][]) {
  const label = { UserLocalizedLabel: { Label: name } }
  const isActivity = own.some(([field]) => field === 'activityid')
  return {
    LogicalName: name,
    EntitySetName: `${name}s`,
    PrimaryIdAttribute: own[0]?.[0],
    PrimaryNameAttribute: own[1]?.[0],
    IsActivity: isActivity,
    DisplayName: label,
  }
}

function toAttribute([LogicalName, AttributeType]: [name: string, type: string]) {
  return { LogicalName, AttributeType, IsValidForCreate: true, IsValidForUpdate: true, IsValidForRead: true }
}

function toRelationship([lookup, target, property]: [lookup: string, target: string, property: string]) {
  return {
    ReferencingAttribute: lookup,
    ReferencedEntity: target,
    ReferencingEntityNavigationPropertyName: property,
  }
}
