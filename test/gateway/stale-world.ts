/** Records of one CRM as they are before the org changes under the settings, and what is asked about them afterwards. */
import { randomUUID } from 'node:crypto'
import type { FieldType } from '@backchannel/providers'
import { encodeRecordId } from '../../packages/server/src/records/record-id.ts'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { formOf, type RecordForm } from '../rules/support/forms.ts'
import { look, newWord } from '../rules/support/looking.ts'
import type { RuleCrm } from '../rules/support/rules.ts'
import { say } from './conversing.ts'
import { documentOf, names, type StaleCase, textOf, variableOf } from './stale-names.ts'

/** What is there before the org changes. */
export interface World {
  crm: RuleCrm
  it: StaleCase
  /** In the names of all records but `tagged`. */
  word: string
  phone: string
  /** Keys of accounts: `inside` holds every value, `outside` and `tagged` hold none. */
  inside: string
  outside: string
  tagged: string
  form: RecordForm
  /** After the first account. */
  cursor: string | null
  firstShown: string | undefined
}

/** The org as it was, known as it is. */
async function putBack({ control, running, org, names: { account, contact }, provider }: RuleCrm): Promise<void> {
  await control.reset()
  const { integrations } = running.gateway.services
  const id = lookUpId('Integration', org.id)
  for (const name of [account.entity, contact.entity, names[provider].vehicle]) {
    await integrations.describe(running.workspaceId, id, name, { fresh: true })
  }
}

/** Puts a row into the CRM, past every setting. */
async function put({ running, org }: RuleCrm, kind: 'ACCOUNT' | 'CONTACT' | 'CUSTOM', entityName: string, row: Row) {
  const values = row.map(({ value = null, values: several = null, ...it }) => ({
    ...{ type: 'TEXT' as const, ...it, value, values: several, reference: null },
  }))
  const request = { entityName, kind, values, key: randomUUID(), allowDuplicate: true }
  const { integrations } = running.gateway.services
  const { remoteId } = await integrations.call(running.workspaceId, lookUpId('Integration', org.id), (provider) =>
    provider.createRecord(request),
  )
  return remoteId
}
type Row = { name: string; type?: FieldType; value?: string; values?: string[] }[]

export const accountId = ({ org, names: { account } }: RuleCrm, remoteId: string) =>
  encodeRecordId({
    kind: 'ACCOUNT',
    integrationId: lookUpId('Integration', org.id),
    entityName: account.entity,
    remoteId,
  })

export async function buildWorld(crm: RuleCrm, it: StaleCase): Promise<World> {
  const { account, contact } = crm.names
  await putBack(crm)
  const { entityTypes } = await crm.document()
  await crm.settings(documentOf(crm, it, entityTypes as { name: string }[]))
  const word = newWord()
  const phone = `+1512${String(Math.random()).slice(2, 9).padEnd(7, '0')}`
  const { vehicle, plate, filter, display } = names[crm.provider]
  const full: Row = it.fields.map(({ field: { name, type, value, values } }) => ({
    ...{ name, type: type as FieldType },
    ...(values ? { values } : { value: value ?? '' }),
  }))
  const putAccount = (name: string, row: Row) =>
    put(crm, 'ACCOUNT', account.entity, [{ name: account.name, value: name }, ...row])
  const reached = { name: account.phone, value: phone }
  const inside = await putAccount(`${word} In`, [reached, ...full])
  await putAccount(`${word} In too`, [reached, ...full])
  const outside = await putAccount(`${word} Out`, [reached])
  const tagged = await putAccount(newWord(), [])
  for (const first of ['inner', 'outer']) {
    const row = [contact.first, filter, display].map((name) => ({ name, value: first }))
    await put(crm, 'CONTACT', contact.entity, [
      { name: contact.last, value: word },
      { name: contact.phone, value: phone },
      ...row,
    ])
  }
  const plateNumber = { name: plate, value: word.slice(0, 9) }
  const vehicleName = crm.provider === 'DYNAMICS' ? 'new_name' : 'Name'
  await put(crm, 'CUSTOM', vehicle, [{ name: vehicleName, value: `${word} Car` }, plateNumber])

  // What agents see before: from here on everybody knows the org as it was.
  const form = await formOf(crm, account.entity)
  await formOf(crm, vehicle)
  const found = await look(crm, { term: word, first: 1 })
  const accounts = found.entityTypes.find(({ entityType }) => entityType.name === account.entity)
  const [firstShown] = accounts?.hits.map(({ record }) => record.name) ?? []
  return { crm, it, word, phone, inside, outside, tagged, form, cursor: accounts?.moreCursor ?? null, firstShown }
}

/** An account as this caller opens it, with the names of its fields. */
export async function openRecord({ crm }: World, remoteId: string, bearer: string) {
  const { record } = await crm.running.execute(
    `query ($id: ID!) { record(id: $id) {
      __typename ... on RecordSuccess { record { fields { name value } } } ... on Error { code message }
    } }`,
    { id: accountId(crm, remoteId) },
    bearer,
  )
  return { ...record, names: (record.record?.fields ?? []).map(({ name }: { name: string }) => name) as string[] }
}

/** A thread of one message, which gives a value to every chat variable. */
export async function startWithVariables({ running }: RuleCrm, { fields }: StaleCase) {
  const mark = `mark-${randomUUID().slice(0, 8)}`
  const variables = fields.map(({ field }) => ({ name: variableOf(field), value: textOf(field) }))
  const { startConversation } = await running.execute(
    `mutation ($input: StartConversationInput!) { startConversation(input: $input) {
      ... on ConversationSuccess { conversation { id } } ... on Error { message }
    } }`,
    { input: { externalId: mark, channel: 'SMS', visitor: {}, variables } },
  )
  const conversation = { id: startConversation.conversation.id as string, mark }
  await say(running, conversation, 'hello')
  return conversation
}

/** `List entity field` by the global ID of each setting. */
export async function settingIds({ running, org }: RuleCrm): Promise<Map<string, string>> {
  const field = '{ id name entityType { name } }'
  const { integration } = await running.execute(
    `query ($id: ID!) { integration(id: $id) { entityTypes { id name } settings {
      exportFields ${field} backendFields ${field} searchFields ${field} detailFields ${field}
    } } }`,
    { id: org.id },
  )
  const { exportFields, backendFields, searchFields, detailFields } = integration.settings
  type Setting = { id: string; name: string; entityType: { name: string } }
  const named = (list: string, settings: Setting[]) =>
    settings.map(({ id, name, entityType }) => [id, `${list} ${entityType.name} ${name}`] as const)
  return new Map([
    ...integration.entityTypes.map(({ id, name }: Setting) => [id, `EntityType ${name}`] as const),
    ...named('ExportField', exportFields),
    ...named('BackendField', backendFields),
    ...named('SearchField', searchFields),
    ...named('DetailField', detailFields),
  ])
}

/** The settings that the integration's problems name. */
export async function problemsOf(crm: RuleCrm, ids: ReadonlyMap<string, string>): Promise<string[]> {
  const query = 'query ($id: ID!) { integration(id: $id) { problems { settingIds } } }'
  const { integration } = await crm.running.execute(query, { id: crm.org.id })
  return integration.problems
    .flatMap((problem: { settingIds: string[] }) => problem.settingIds)
    .map((id: string) => ids.get(id) ?? id)
    .sort()
}
