/** Searches over one CRM, and records with given values to find. */
import { randomUUID } from 'node:crypto'
import type { EntityKind, FieldType } from '@backchannel/providers'
import { lookUpId } from '../../../packages/server/src/shared/global-id.ts'
import { entityTypeOf } from '../../gateway/searching.ts'
import type { RuleCrm } from './rules.ts'

export interface Look {
  __typename: string
  code?: string
  message?: string
  fields?: { path: string[]; message: string }[]
  matchedBy: string | null
  failure: { code: string; message: string } | null
  notes: string[]
  /** Names of the records, sorted. */
  names: string[]
  hits: LookHit[]
  entityTypes: {
    entityType: { id: string; name: string; kind: string }
    columns: { name: string; label: string; type: string; custom: boolean }[]
    moreCursor: string | null
    hits: LookHit[]
  }[]
}

export interface LookHit {
  matchedBy: string
  matchedField: string | null
  record: {
    id: string
    remoteId: string
    name: string
    fields: { name: string; label: string; value: string | null }[]
  }
}

const hit = 'hits { matchedBy matchedField record { id remoteId name fields(view: SEARCH) { name label value } } }'

/** What an agent finds in one CRM. */
export async function look(crm: RuleCrm, input: object, bearer?: string): Promise<Look> {
  const { searchRecords } = await crm.running.execute(
    `query ($input: SearchRecordsInput!) {
      searchRecords(input: $input) {
        __typename
        ... on SearchRecordsSuccess {
          integrations {
            matchedBy notes failure { code message }
            entityTypes { entityType { id name kind } columns { name label type custom } moreCursor ${hit} }
          }
        }
        ... on Error { code message }
        ... on ValidationError { fields { path message } }
      }
    }`,
    { input: { integrationIds: [crm.org.id], ...input } },
    bearer ?? (await crm.agent()),
  )
  const { integrations, ...rest } = searchRecords
  const answer = { matchedBy: null, failure: null, notes: [], entityTypes: [], ...rest, ...integrations?.[0] }
  const hits = answer.entityTypes.flatMap((it: Look['entityTypes'][number]) => it.hits)
  return { ...answer, hits, names: hits.map(({ record }: LookHit) => record.name).sort() }
}

/** The part of an answer that is about one kind. */
export function ofKind(found: Look, kind: EntityKind) {
  return found.entityTypes.find(({ entityType }) => entityType.kind === kind)
}

export async function more(crm: RuleCrm, cursor: string, first: number, bearer?: string) {
  const { moreRecords } = await crm.running.execute(
    `query ($cursor: String!, $first: Int) {
      moreRecords(cursor: $cursor, first: $first) {
        __typename
        ... on MoreRecordsSuccess { moreCursor ${hit} }
        ... on Error { code message }
      }
    }`,
    { cursor, first },
    bearer ?? (await crm.agent()),
  )
  return moreRecords as { __typename: string; code?: string; hits?: LookHit[]; moreCursor?: string | null }
}

/** What the CRM was asked for while `work` ran: the conditions of its queries, in its own words. */
export async function conditionsOf({ control }: RuleCrm, work: () => Promise<unknown>): Promise<string[]> {
  await control.clearCalls()
  await work()
  const calls = await control.calls()
  return calls
    .flatMap(({ query, parts }) => parts?.map(({ path }) => path) ?? [query])
    .map((text) => decodeURIComponent(text.replaceAll('+', ' ')))
    .flatMap((text) => /(?:\$filter=|WHERE )(.*?)(?:&|ORDER BY|$)/.exec(text)?.[1] ?? [])
}

export interface Value {
  name: string
  type: FieldType
  value: string
  /** LOOKUP. */
  reference?: { entityName: string; remoteId: string }
}

/** Puts a record into the CRM, past every setting. Answers its key. */
export async function put(crm: RuleCrm, kind: EntityKind, entityName: string, values: Value[]): Promise<string> {
  const { integrations } = crm.running.gateway.services
  const { remoteId } = await integrations.call(
    crm.running.workspaceId,
    lookUpId('Integration', crm.org.id),
    (provider) =>
      provider.createRecord({
        entityName,
        kind,
        values: values.map(({ reference = null, ...value }) => ({
          ...value,
          value: reference === null ? value.value : null,
          values: null,
          reference,
        })),
        key: randomUUID(),
        allowDuplicate: true,
      }),
  )
  return remoteId
}

/** A word that nothing in the CRM holds yet. */
export const newWord = () => `W${randomUUID().replaceAll('-', '').slice(0, 10)}`

/** An account of this name with an amount of revenue. */
export const putAccount = (crm: RuleCrm, name: string, revenue?: number, more: Value[] = []) =>
  put(crm, 'ACCOUNT', crm.names.account.entity, [
    { name: crm.names.account.name, type: 'TEXT', value: name },
    ...(revenue === undefined
      ? []
      : [{ name: crm.names.accountField.revenue, type: 'CURRENCY' as const, value: String(revenue) }]),
    ...more,
  ])

/** The member of the settings document that makes the revenue of accounts a search or detail field. */
export function revenueField({ names }: RuleCrm, filter?: string) {
  const { revenue } = names.accountField
  return {
    entityType: names.account.entity,
    name: revenue,
    label: 'Revenue',
    fieldType: 'CURRENCY',
    ...(filter === undefined ? {} : { filter: { field: revenue, value: filter } }),
  }
}

export const kindIn = (crm: RuleCrm, kind: EntityKind) => ({ entityTypeIds: [entityTypeOf(crm.org, kind)] })

const site = {
  DYNAMICS: { name: 'websiteurl', fieldType: 'TEXT' },
  SALESFORCE: { name: 'Site', fieldType: 'TEXT' },
} as const

export const siteField = (crm: RuleCrm) => ({
  entityType: crm.names.account.entity,
  label: 'Site',
  ...site[crm.provider],
})

/** Amounts that no other account has, so that finding them by amount finds only these. */
let amounts = 710_000
export const newAmount = () => {
  amounts += 17
  return amounts
}

/** Two accounts of the same new word, with two amounts. */
export async function twoAccounts(crm: RuleCrm) {
  const word = newWord()
  const [amount, other] = [newAmount(), newAmount()]
  await putAccount(crm, `${word} one`, amount)
  await putAccount(crm, `${word} two`, other)
  return { word, amount: String(amount), other: String(other) }
}

/** The boxes of the search form. */
export async function boxesOf(crm: RuleCrm): Promise<{ id: string; name: string; label: string; group: string }[]> {
  const { panel } = await crm.running.execute(
    '{ panel { integrations { integration { id } searchForm { fields { id name label group } } } } }',
    {},
    await crm.agent(),
  )
  return panel.integrations.find((it: { integration: { id: string } }) => it.integration.id === crm.org.id).searchForm
    .fields
}

export const headings = (columns: { label: string }[] | undefined) => columns?.map(({ label }) => label)
