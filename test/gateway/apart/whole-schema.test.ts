/**
 * Two workspaces, and every place of the schema that takes an id: what it is given of the other workspace is as if it did
 * not exist, and nothing there is found, told or changed (T1).
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { scopesOf } from '../../../packages/server/src/access/rule.ts'
import { rulesOf } from '../../../packages/server/src/access/schema-rules.ts'
import { workspaceModels } from '../../../packages/server/src/database/workspace-guard.ts'
import { Prisma } from '../../../packages/server/src/generated/prisma/client.ts'
import { schema } from '../../../packages/server/src/schema.ts'
import type { Scope } from '../../../packages/server/src/viewers/viewer.ts'
import { ask, type RunningGateway, startGateway } from '../running-gateway.ts'
import { versionOf } from '../setting-up.ts'
import { take } from '../watching.ts'
import { crawl } from './crawling.ts'
import { type FilledWorkspace, fillWorkspace, guessed } from './filled-workspace.ts'
import { happen, subscriptions } from './happening.ts'
import { places, placesOf } from './places.ts'
import { isReadById } from './selecting.ts'
import { type Trial, trials } from './trials.ts'

const all = trials()

let gateway: RunningGateway
let own: FilledWorkspace
let other: FilledWorkspace
const bearers: Partial<Record<Scope, string>> = {}
/** Everything that is kept of the other workspace. */
let before: Record<string, unknown[]>
/** Of our settings: what is refused leaves it as it is. */
let version: number

beforeAll(async () => {
  gateway = await startGateway({ people: 10 })
  other = await fillWorkspace(gateway, gateway.workspaceId, await gateway.key('ADMIN'))
  const admin = await gateway.otherWorkspace('Own')
  const { id } = await gateway.database.workspace.findFirstOrThrow({ where: { name: 'Own' } })
  own = await fillWorkspace(gateway, id, admin)
  const { key, token } = await gateway.execute(
    `mutation {
      key: createApiKey(name: "Backend", scope: SERVICE) { ... on CreateApiKeySuccess { key } }
      token: issueAgentToken(agentId: "a", agentName: "A") { ... on IssueAgentTokenSuccess { token } }
    }`,
    {},
    admin,
  )
  Object.assign(bearers, { ADMIN: admin, SERVICE: key.key, AGENT: token.token })
  version = await versionOf(gatewayOf(own), own.org)
  before = await rowsOf(other)
  await gateway.crm.salesforce.clearCalls()
})
afterAll(() => gateway.stop())

async function rowsOf({ id }: FilledWorkspace): Promise<Record<string, unknown[]>> {
  const tables = [...workspaceModels].map((model) => model.charAt(0).toUpperCase() + model.slice(1))
  const read = (table: string) =>
    gateway.database.$queryRaw<unknown[]>(
      Prisma.sql`SELECT * FROM ${Prisma.raw(`"${table}"`)} WHERE "workspaceId" = ${id}`,
    )
  return Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await read(table)] as const)))
}

/** What an operation answers, with the id that was put into it left out. */
async function answerTo(trial: Trial, id: string, scope: Scope): Promise<string> {
  const { status, data, errors } = await ask(
    gateway.url,
    bearers[scope] ?? '',
    trial.query,
    trial.variables(id, own, version),
  )
  const said = errors?.map(({ message, extensions }) => [message, extensions.code])
  return JSON.stringify({ status, data, errors: said }).replaceAll(id, 'ID')
}

const gatewayOf = ({ admin }: FilledWorkspace): RunningGateway => ({
  ...gateway,
  execute: (query, variables, bearer = admin) => gateway.execute(query, variables, bearer),
})

/** Global IDs and words of the other workspace in an answer. */
function leaksIn(answer: string): string[] {
  const words = [...other.all.keys(), other.ids.ConversationExternalId, other.ids.VisitorExternalId, other.id]
  return words.filter((word) => answer.includes(word))
}

const rules = rulesOf(schema)
const opens = (scope: Scope, { root, field }: Trial) =>
  rules.roots[root]?.some(({ place, rule }) => place === `${root}.${field}` && scopesOf(rule).includes(scope)) ?? false

it('every place of the schema that takes an id says what it takes, and is tried', () => {
  expect(placesOf(schema)).toEqual(Object.keys(places).sort())
  const tried = new Set(all.map(({ place }) => place))
  expect(Object.keys(places).filter((place) => places[place] !== 'Outside' && !tried.has(place))).toEqual([])
})

it('the other workspace has something of every type that an id can name, and nothing in common with ours', () => {
  const there = new Set(other.all.values())
  const missing = Object.keys(schema.getTypeMap()).filter((name) => isReadById(name) && !there.has(name))
  expect(missing.sort()).toEqual(['CustomRecord', 'Lead'])
  expect([...own.all.keys()].filter((id) => other.all.has(id))).toEqual([])
})

/** A token is never twice the same. One for what is not there opens nothing (workspaces-apart.test.ts). */
const neverTheSame = ['Mutation.issueAgentToken(conversationIds)']

it.each(['ADMIN', 'SERVICE', 'AGENT'] as const)(
  'to %s an id of another workspace is one that does not exist, in every place (T1)',
  async (scope) => {
    const faults: string[] = []
    for (const trial of all.filter((it) => it.root !== 'Subscription' && opens(scope, it))) {
      const theirs = await answerTo(trial, other.ids[trial.kind], scope)
      const leaks = leaksIn(theirs)
      if (leaks.length > 0) faults.push(`${trial.name} tells of ${leaks.join(', ')}`)
      if (trial.kind.endsWith('Cursor') || neverTheSame.includes(trial.name)) continue
      const nobodys = await answerTo(trial, guessed(trial.kind, other.ids[trial.kind]), scope)
      if (theirs !== nobodys) faults.push(`${trial.name} answers ${theirs}, and of an id that nobody has ${nobodys}`)
    }
    expect(faults).toEqual([])
  },
)

it('every node of another workspace is null, to whoever asks', async () => {
  const ids = [...other.all].filter(([, typename]) => isReadById(typename)).map(([id]) => id)
  for (const bearer of Object.values(bearers)) {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
    for (let start = 0; start < ids.length; start += 50) {
      const { nodes } = await gateway.execute(query, { ids: ids.slice(start, start + 50) }, bearer)
      expect(new Set(nodes)).toEqual(new Set([null]))
    }
  }
})

it('nothing that can be asked without an id tells of another workspace, however deep (T1)', async () => {
  for (const bearer of Object.values(bearers)) {
    const { text } = await crawl(gateway, bearer)
    expect(text).toContain(own.ids.Conversation)
    expect(leaksIn(text)).toEqual([])
  }
})

it('nothing of the other workspace was changed by any of it, and its CRM was asked nothing', async () => {
  expect(await rowsOf(other)).toEqual(before)
  expect(await gateway.crm.salesforce.calls()).toEqual([])
})

/** A value of a search form, and a record of a push, need more beside them than an operation made from the schema has. */
const needsMore = ['Query.searchRecords(input.fieldValues.fieldId)', 'Preview.planPush(recordIds:)']

it('in the same places ids of our own are found, so that what was refused was refused for its workspace', async () => {
  const unfound: string[] = []
  for (const trial of all.filter((it) => it.root === 'Query' && !it.kind.endsWith('Cursor'))) {
    const ours = await answerTo(trial, own.ids[trial.kind], 'ADMIN')
    const nobodys = await answerTo(trial, guessed(trial.kind, own.ids[trial.kind]), 'ADMIN')
    if (ours === nobodys && !needsMore.includes(trial.name)) unfound.push(trial.name)
  }
  expect(unfound).toEqual([])
})

it.each([
  ['pushEvents', 'ADMIN'],
  ['conversationEvents', 'ADMIN'],
  ['integrationEvents', 'ADMIN'],
  ['pushEvents', 'AGENT'],
  ['conversationEvents', 'AGENT'],
] as const)(
  '%s to %s tell of what is our own, and of nothing that happened elsewhere before it (T1)',
  async (name, scope) => {
    const { eventCursor: after } = await gateway.execute('{ eventCursor }')
    for (const of of [other, own]) await happen(gatewayOf(of), of)
    const variables = { after, ids: [own.ids.Conversation] }
    const heard = await take(
      gateway,
      subscriptions[name],
      variables,
      (events) => events.length > 0,
      bearers[scope] ?? '',
    )
    const text = JSON.stringify(heard)
    expect([own.ids.Conversation, own.ids.Push, own.org.id].some((id) => text.includes(id))).toBe(true)
    expect(leaksIn(text)).toEqual([])
  },
)

it('who would listen to a conversation of another workspace is told what is told of one that nobody has', async () => {
  const listenTo = (...ids: string[]) =>
    take(gateway, subscriptions.conversationEvents, { ids }, () => true, own.admin).catch(String)
  const nobodys = await listenTo(guessed('Conversation', own.ids.Conversation))
  expect(nobodys).toContain('NOT_FOUND')
  expect(await listenTo(other.ids.Conversation)).toBe(nobodys)
  expect(await listenTo(own.ids.Conversation, other.ids.Conversation)).toBe(nobodys)
})
