/**
 * The character NUL, which SQLite keeps and PostgreSQL refuses, wherever a caller gives a text: what comes of it is the same
 * on both, and never a fault of ours.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Conversation, startConversation } from './conversing.ts'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'
import { entityTypeOf, type Org, orgsOf, searchRecords } from './searching.ts'
import { constantOf, documentOf, textFields, versionOf } from './setting-up.ts'
import { holderOf, post, type SignedIn, signIn } from './signing-in.ts'

const NUL = 'a\u0000b'
const account = { email: 'owner@example.com', password: 'a long password' }

let gateway: RunningGateway
let admin: string
let owner: SignedIn
let org: Org
let thread: Conversation
let record: string
beforeAll(async () => {
  gateway = await startGateway({ people: 10 })
  admin = await gateway.key('ADMIN')
  await gateway.gateway.entrance.ensureFirstOwner(account)
  owner = holderOf(gateway, (await signIn(gateway, account)).cookie)
  org = (await orgsOf(gateway)).DYNAMICS
  thread = await startConversation(gateway, 'SMS')
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  record = hits.find((hit) => hit.record.integration.provider === 'DYNAMICS')?.record.id ?? ''
})
afterAll(() => gateway.stop())

const visitor = { externalId: NUL, firstName: NUL, fullName: NUL, phone: NUL, email: NUL, accountId: NUL }
const message = { externalId: 'm', author: 'VISITOR', text: NUL, authorName: NUL, sentAt: '2026-11-25T12:00:00Z' }
const attachments = [{ name: NUL, url: 'https://chat.example/1', contentType: NUL }]
const shown = (name: string) => ({
  ...{ entityTypeId: entityTypeOf(org, 'ACCOUNT'), name, label: NUL, fieldType: 'TEXT' },
})

/** What is asked, as a field called `it`, and the type that this comes to. */
type Case = [what: string, query: string, variables: () => object | Promise<object>, comesTo: string]

const cases: Case[] = [
  [
    'a visitor, variables and an address of a new conversation',
    `mutation ($input: StartConversationInput!) { it: startConversation(input: $input) { __typename } }`,
    () => ({
      input: {
        ...{ externalId: 'with-nul', channel: 'CHAT', visitor, pageUrl: `https://chat.example/?a=${NUL}` },
        variables: [{ name: NUL, value: NUL }],
      },
    }),
    'ConversationSuccess',
  ],
  [
    'the id of a new conversation',
    `mutation ($input: StartConversationInput!) { it: startConversation(input: $input) { __typename } }`,
    () => ({ input: { externalId: NUL, channel: 'CHAT', visitor: {} } }),
    'ValidationError',
  ],
  [
    'a message and its attachments',
    `mutation ($id: ID!, $messages: [MessageInput!]!) {
      it: appendMessages(conversationId: $id, messages: $messages) { __typename }
    }`,
    () => ({ id: thread.id, messages: [{ ...message, attachments }] }),
    'ConversationSuccess',
  ],
  [
    'what is changed of a visitor',
    `mutation ($id: ID!, $visitor: VisitorInput!) { it: updateVisitor(conversationId: $id, visitor: $visitor) { __typename } }`,
    () => ({ id: thread.id, visitor }),
    'ConversationSuccess',
  ],
  [
    'the external id of a conversation that is looked for',
    'query ($externalId: String) { it: conversation(externalId: $externalId) { __typename } }',
    () => ({ externalId: NUL }),
    'null',
  ],
  ['a global id', 'query ($id: ID!) { it: node(id: $id) { __typename } }', () => ({ id: NUL }), 'null'],
  [
    'a global id of something with NUL',
    'query ($id: ID!) { it: node(id: $id) { __typename } }',
    () => ({ id: Buffer.from(`Conversation:${NUL}`).toString('base64url') }),
    'null',
  ],
  [
    'a cursor of conversations',
    'query ($after: String) { it: conversations(first: 1, after: $after) { __typename } }',
    () => ({ after: Buffer.from(`GPC:S:${NUL}`).toString('base64') }),
    'ConversationConnection',
  ],
  [
    'a cursor of pushes',
    'query ($after: String) { it: pushes(first: 1, after: $after) { __typename } }',
    () => ({ after: Buffer.from(`1:${NUL}`).toString('base64url') }),
    'PushConnection',
  ],
  [
    'a search',
    'query ($input: SearchRecordsInput!) { it: searchRecords(input: $input) { __typename } }',
    () => ({ input: { term: NUL } }),
    'SearchRecordsSuccess',
  ],
  [
    'each input of a search',
    'query ($input: SearchRecordsInput!) { it: searchRecords(input: $input) { __typename } }',
    () => ({ input: { phone: NUL, email: NUL, fullName: NUL } }),
    'SearchRecordsSuccess',
  ],
  [
    'a phone number whose name is looked up',
    'query ($phone: String!) { it: prefillVisitor(phone: $phone) { __typename } }',
    () => ({ phone: NUL }),
    'VisitorPrefill',
  ],
  [
    'the key and the values of a new record',
    'mutation ($input: CreateRecordInput!) { it: createRecord(input: $input) { __typename } }',
    () => ({
      input: {
        ...{ integrationId: org.id, entityTypeId: entityTypeOf(org, 'CONTACT'), idempotencyKey: NUL },
        values: [{ name: 'lastname', value: NUL }],
      },
    }),
    'CreateRecordSuccess',
  ],
  [
    'the key of a tagging',
    `mutation ($id: ID!, $recordIds: [ID!]!, $key: String) {
      it: tagConversation(conversationId: $id, recordIds: $recordIds, idempotencyKey: $key) { __typename }
    }`,
    () => ({ id: thread.id, recordIds: [record], key: NUL }),
    'TagConversationSuccess',
  ],
  [
    'the same key of another tagging',
    `mutation ($id: ID!, $recordIds: [ID!]!, $key: String) {
      it: tagConversation(conversationId: $id, recordIds: $recordIds, idempotencyKey: $key) { __typename }
    }`,
    () => ({ id: thread.id, recordIds: [record, NUL], key: NUL }),
    'ConflictError',
  ],
  [
    'an agent',
    `mutation ($id: String!, $email: String) {
      it: issueAgentToken(agentId: $id, agentName: $id, agentEmail: $email) { __typename }
    }`,
    () => ({ id: NUL, email: NUL }),
    'IssueAgentTokenSuccess',
  ],
  [
    'the name of a key',
    'mutation ($name: String!) { it: createApiKey(name: $name, scope: SERVICE) { __typename } }',
    () => ({ name: NUL }),
    'CreateApiKeySuccess',
  ],
  [
    'the name of a chat variable',
    'mutation ($name: String!) { it: declareChatVariable(name: $name) { __typename } }',
    () => ({ name: NUL }),
    'WorkspaceSuccess',
  ],
  [
    'the name of a chat variable that is taken away',
    'mutation ($name: String!) { it: removeChatVariable(name: $name) { __typename } }',
    () => ({ name: NUL }),
    'WorkspaceSuccess',
  ],
  [
    'the name and the brand of a workspace',
    'mutation ($input: UpdateWorkspaceInput!) { it: updateWorkspace(input: $input) { __typename } }',
    () => ({ input: { name: NUL, brand: NUL } }),
    'WorkspaceSuccess',
  ],
  [
    'the time zone and the country of a workspace',
    'mutation ($input: UpdateWorkspaceInput!) { it: updateWorkspace(input: $input) { __typename } }',
    () => ({ input: { timeZone: NUL, countryCode: NUL } }),
    'ValidationError',
  ],
  [
    'a fixed value of an export field',
    `mutation ($id: ID!, $version: Int!, $field: ExportFieldInput!) {
      it: addExportField(integrationId: $id, expectedVersion: $version, field: $field) { __typename }
    }`,
    async () => ({
      ...{ id: org.id, version: await versionOf(gateway, org) },
      field: constantOf(org, textFields.DYNAMICS[0] ?? '', NUL),
    }),
    'SettingsSuccess',
  ],
  [
    'the label and the filter of a search field',
    `mutation ($id: ID!, $version: Int!, $field: ShownFieldInput!) {
      it: addSearchField(integrationId: $id, expectedVersion: $version, field: $field) { __typename }
    }`,
    async () => ({
      ...{ id: org.id, version: await versionOf(gateway, org) },
      field: { ...shown(textFields.DYNAMICS[0] ?? ''), filter: { field: textFields.DYNAMICS[0], value: NUL } },
    }),
    'SettingsSuccess',
  ],
  [
    'the name of a field',
    `mutation ($id: ID!, $version: Int!, $field: ShownFieldInput!) {
      it: addDetailField(integrationId: $id, expectedVersion: $version, field: $field) { __typename }
    }`,
    async () => ({ id: org.id, version: await versionOf(gateway, org), field: shown(NUL) }),
    'ValidationError',
  ],
  [
    'an added entity type',
    'mutation ($input: AddEntityInput!) { it: addEntity(input: $input) { __typename } }',
    async () => ({
      input: {
        ...{ integrationId: org.id, expectedVersion: await versionOf(gateway, org) },
        ...{ name: NUL, displayName: NUL, primaryField: NUL, primaryFieldLabel: NUL },
      },
    }),
    'ValidationError',
  ],
  [
    'a document of settings',
    'mutation ($input: SettingsDocumentInput!) { it: importSettings(input: $input) { __typename } }',
    async () => ({
      input: {
        ...{ integrationId: org.id, expectedVersion: await versionOf(gateway, org) },
        document: { ...(await documentOf(gateway, org)), [NUL]: NUL },
      },
    }),
    'ValidationError',
  ],
  [
    'a visitor who is erased',
    'mutation ($input: EraseVisitorInput!) { it: eraseVisitor(input: $input) { __typename } }',
    () => ({ input: { externalId: NUL } }),
    'EraseVisitorSuccess',
  ],
  [
    'the ids of conversations that are erased',
    'mutation ($input: EraseVisitorInput!) { it: eraseVisitor(input: $input) { __typename } }',
    () => ({ input: { conversationIds: [NUL] } }),
    'EraseVisitorSuccess',
  ],
  [
    'a sign-in that begins',
    'mutation ($input: BeginSignInInput!) { it: beginSignIn(input: $input) { __typename } }',
    () => ({
      input: { provider: 'DYNAMICS', clientId: NUL, clientSecret: NUL, returnTo: NUL },
    }),
    'ValidationError',
  ],
]

test.each(cases)('%s: it comes to the same on both databases', async (_what, query, variables, comesTo) => {
  const { data, errors } = await ask(gateway.url, admin, query, { ...(await variables()) })
  expect(errors).toBeUndefined()
  expect(data?.['it']?.['__typename'] ?? 'null').toBe(comesTo)
})

test('what only people who sign in may ask, and what signing in is asked: it comes to the same on both databases', async () => {
  const audited = 'query ($t: String!) { it: auditEntries(first: 5, actor: $t, action: $t) { edges { cursor } } }'
  expect(await owner.execute(audited, { t: NUL })).toEqual({ it: { edges: [] } })
  const later = 'query ($t: String!) { it: auditEntries(first: 5, after: $t) { __typename } }'
  expect(await owner.execute(later, { t: NUL })).toEqual({ it: { __typename: 'AuditEntryConnection' } })
  const invite = 'mutation ($t: String!) { it: inviteMember(email: $t, role: ADMIN) { __typename } }'
  expect(await owner.execute(invite, { t: `${NUL}@example.com` })).toEqual({ it: { __typename: 'ValidationError' } })
  const statusOf = async (path: string, body: object) => (await post(gateway, path, body)).status
  expect(await statusOf('/sign-in/email', { email: `${NUL}@example.com`, password: NUL })).toBe(400)
  expect(await statusOf('/sign-in/email', { email: account.email, password: NUL })).toBe(401)
  expect(await statusOf('/join', { token: NUL, name: NUL, email: NUL, password: NUL })).toBeLessThan(500)
  expect(gateway.lines.filter((line) => line.includes('"level":"error"'))).toEqual([])
})
