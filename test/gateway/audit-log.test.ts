/** What the audit log says of whatever somebody does: who, what, to what, and from where. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../packages/server/src/schema.ts'
import { act, actOnAll, agentToken, untag } from './acting.ts'
import { type Entry, notedBy } from './audit-reading.ts'
import { beginSignIn, comeBack, connectDynamics, decide, disconnect } from './connecting.ts'
import { startConversation, tag } from './conversing.ts'
import { createRecord, valuesOf } from './creating.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { type Org, orgsOf, type Provider, searchRecords } from './searching.ts'
import { change, documentOf, versionOf } from './setting-up.ts'
import { addMember, INVITE, post, type SignedIn, signIn } from './signing-in.ts'

const account = { email: 'owner@example.com', password: 'correct horse battery' }

let gateway: RunningGateway
let owner: SignedIn
let orgs: Record<Provider, Org>
/** Of a backend; the audit log knows it as `key "Test SERVICE"`. */
let service: string

beforeAll(async () => {
  gateway = await startGateway({ people: 20 })
  await gateway.gateway.entrance.ensureFirstOwner(account)
  owner = await signIn(gateway, account)
  orgs = await orgsOf(gateway)
  service = await gateway.key('SERVICE')
})
afterAll(() => gateway.stop())

/** Who did what, in order; each from this machine, but for what the test itself sets up behind the API's back. */
async function noted(work: () => Promise<unknown>): Promise<string[]> {
  const entries = (await notedBy(owner, work)).filter(({ actor }) => actor !== 'key "test"')
  for (const { address } of entries) expect(address).toMatch(/127\.0\.0\.1$/)
  return entries.map(said)
}

const said = ({ actor, action, subject }: Entry) => [actor, action, ...(subject === null ? [] : [subject])].join(' | ')

it('the first owner of the environment is told of, made by the operator', async () => {
  const { auditEntries } = await owner.execute(
    '{ auditEntries(action: "MEMBER_JOINED") { edges { node { actor subject address } } } }',
  )
  expect(auditEntries.edges).toEqual([
    { node: { actor: 'operator', subject: 'owner@example.com (owner)', address: null } },
  ])
})

it('signing in and out, and a new password', async () => {
  const other = { email: 'max@example.com', password: 'a long password' }
  const max = await addMember(gateway, owner, other.email, 'ADMIN')
  const entries = await noted(async () => {
    const { cookie } = await signIn(gateway, other)
    const newPassword = 'another long password'
    await post(gateway, '/change-password', { currentPassword: other.password, newPassword }, { cookie })
    const again = await signIn(gateway, { ...other, password: newPassword })
    await post(gateway, '/sign-out', {}, { cookie: again.cookie })
    const { cookie: last } = await signIn(gateway, { ...other, password: newPassword })
    await post(gateway, '/revoke-sessions', {}, { cookie: last })
    await post(gateway, '/sign-out', {}, { cookie: max.cookie })
  })
  expect(entries).toEqual([
    'max@example.com | SIGNED_IN',
    'max@example.com | PASSWORD_CHANGED',
    'max@example.com | SIGNED_IN',
    'max@example.com | SIGNED_OUT',
    'max@example.com | SIGNED_IN',
    'max@example.com | SIGNED_OUT_EVERYWHERE',
  ])
})

it('a wrong password is told of; what was typed for an address that nobody has is kept nowhere', async () => {
  const typed = 'my secret pass phrase'
  await post(gateway, '/sign-in/email', { email: `${typed.replaceAll(' ', '-')}@example.com`, password: 'x' })
  await post(gateway, '/sign-in/email', { email: typed, password: 'x' })
  await post(gateway, '/sign-in/email', { email: 'Owner@Example.com', password: 'a wrong password' })
  const refused = () => gateway.database.auditEntry.findMany({ where: { action: 'SIGN_IN_REFUSED' } })
  await expect.poll(refused).toMatchObject([{ actor: account.email, subject: null }])
  expect(JSON.stringify(await gateway.database.auditEntry.findMany())).not.toContain('my-secret')
})

it('inviting, joining, roles, and leaving', async () => {
  const entries = await noted(async () => {
    await addMember(gateway, owner, 'ines@example.com', 'ADMIN')
    const { members } = await owner.execute('{ members { id email } }')
    const id = members.find((it: { email: string }) => it.email === 'ines@example.com').id
    await owner.execute('mutation ($id: ID!) { changeMemberRole(userId: $id, role: OWNER) { __typename } }', { id })
    await owner.execute('mutation ($id: ID!) { removeMember(userId: $id) { __typename } }', { id })
    const { inviteMember } = await owner.execute(INVITE, { email: 'no@example.com', role: 'ADMIN' })
    await owner.execute('mutation ($id: ID!) { withdrawInvite(id: $id) { __typename } }', inviteMember.invite)
  })
  expect(entries).toEqual([
    'owner@example.com | MEMBER_INVITED | ines@example.com (admin)',
    'ines@example.com | MEMBER_JOINED',
    'ines@example.com | SIGNED_IN',
    'owner@example.com | ROLE_CHANGED | ines@example.com (owner)',
    'owner@example.com | MEMBER_REMOVED | ines@example.com (owner)',
    'owner@example.com | MEMBER_INVITED | no@example.com (admin)',
    'owner@example.com | INVITE_WITHDRAWN | no@example.com (admin)',
  ])
})

it('keys: by whoever made them, a key among them; what they open is not told of each time', async () => {
  const entries = await noted(async () => {
    const { createApiKey } = await owner.execute(
      'mutation { createApiKey(name: "Tools", scope: ADMIN) { ... on CreateApiKeySuccess { key apiKey { id } } } }',
    )
    const make = 'mutation { createApiKey(name: "Chat", scope: SERVICE) { __typename } }'
    await gateway.execute(make, {}, createApiKey.key)
    await agentToken(gateway, [])
    await owner.execute('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }', createApiKey.apiKey)
  })
  expect(entries).toEqual([
    'owner@example.com | KEY_CREATED | Tools (admin)',
    'key "Tools" | KEY_CREATED | Chat (service)',
    'owner@example.com | KEY_REVOKED | Tools (admin)',
  ])
})

it('the workspace, with what it was set to', async () => {
  const entries = await noted(async () => {
    await owner.execute('mutation { updateWorkspace(input: { brand: "Acme", retentionDays: 90 }) { __typename } }')
    await owner.execute('mutation { declareChatVariable(name: "Plan") { __typename } }')
    await owner.execute('mutation { removeChatVariable(name: "Plan") { __typename } }')
    await owner.execute('mutation { updateWorkspace(input: { brand: "" }) { __typename } }')
  })
  expect(entries).toEqual([
    'owner@example.com | WORKSPACE_CHANGED | brand: Acme, retentionDays: 90',
    'owner@example.com | WORKSPACE_CHANGED | chat variable Plan declared',
    'owner@example.com | WORKSPACE_CHANGED | chat variable Plan removed',
  ])
})

it('integrations: connected at a page or by an app, and disconnected', async () => {
  const { name } = await nameOf('DYNAMICS')
  const salesforce = await nameOf('SALESFORCE')
  const entries = await noted(async () => {
    await disconnect(gateway, orgs.DYNAMICS.id)
    await connectDynamics(gateway)
    await comeBack(await decide(await beginSignIn(gateway)))
    // Its address has a wrong secret: nothing was connected.
    await connectDynamics(gateway, { clientSecret: 'wrong' })
  })
  expect(entries).toEqual([
    `key "Test ADMIN" | INTEGRATION_DISCONNECTED | ${name}`,
    `key "Test ADMIN" | INTEGRATION_CONNECTED | ${name}`,
    `key "Test ADMIN" | INTEGRATION_CONNECTED | ${salesforce.name}`,
  ])
})

const nameOf = async (provider: Provider): Promise<{ name: string }> =>
  (await gateway.execute('query ($id: ID!) { integration(id: $id) { name } }', { id: orgs[provider].id })).integration

it('settings: changed, imported and restored, but not where nothing was different', async () => {
  const { id: integrationId } = orgs.DYNAMICS
  const { name } = await nameOf('DYNAMICS')
  const version = await versionOf(gateway, orgs.DYNAMICS)
  const entries = await noted(async () => {
    await change(gateway, 'updateDynamicsSettings', { integrationId, expectedVersion: version, fetchCrmData: true })
    await change(gateway, 'updateDynamicsSettings', { integrationId, expectedVersion: version + 1, fetchCrmData: true })
    const { integration } = await gateway.execute(
      'query ($id: ID!) { integration(id: $id) { settingsHistory(first: 2) { edges { node { id } } } } }',
      { id: integrationId },
    )
    await gateway.execute(
      'mutation ($id: ID!, $version: Int!) { restoreSettings(changeId: $id, expectedVersion: $version) { __typename } }',
      { id: integration.settingsHistory.edges[1].node.id, version: version + 1 },
    )
    const document = { ...(await documentOf(gateway, orgs.DYNAMICS)), fetchCrmData: true }
    await change(gateway, 'importSettings', { integrationId, expectedVersion: version + 2, document })
  })
  expect(entries).toEqual([
    `key "Test ADMIN" | SETTINGS_CHANGED | ${name}, version ${version + 1}`,
    `key "Test ADMIN" | SETTINGS_RESTORED | ${name}, version ${version + 2}`,
    `key "Test ADMIN" | SETTINGS_IMPORTED | ${name}, version ${version + 3}`,
  ])
})

describe("an agent's writes, with agent, record and outcome (T28)", () => {
  afterEach(() => gateway.crm.dynamics.clearFaults())

  const body = { error: { code: '0x80040220', message: 'Principal user is missing prvCreateContact' } }

  it('a record that was made, and one that the CRM refused', async () => {
    const { name } = await nameOf('DYNAMICS')
    const token = await agentToken(gateway, [])
    const make = () =>
      createRecord(gateway, orgs.DYNAMICS, 'CONTACT', { values: valuesOf('DYNAMICS', { last: 'Someone' }) }, token)
    let recordId = ''
    const entries = await notedBy(owner, async () => {
      recordId = (await make()).record?.id ?? ''
      await gateway.crm.dynamics.addFault({ path: 'contacts', method: 'PATCH' }, { status: 403, body })
      await make()
    })
    expect(entries.filter(({ actor }) => actor === 'agent agent-7')).toMatchObject([
      { action: 'RECORD_CREATED', subject: `contact in ${name}`, subjectId: recordId },
      { action: 'RECORD_NOT_CREATED', subject: `${name}: CRM_FORBIDDEN`, subjectId: orgs.DYNAMICS.id },
    ])
  })

  it('tags, each record by its ID and none by its name, and taking them off', async () => {
    const { name } = await nameOf('DYNAMICS')
    const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
    const record = hits.find((hit) => hit.record.integration.provider === 'DYNAMICS')?.record
    const thread = await startConversation(gateway, 'SMS')
    const token = await agentToken(gateway, [thread.id])
    const entries = await notedBy(owner, async () => {
      const { outcomes } = await tag(gateway, thread, [record?.id ?? ''], {}, token)
      await untag(gateway, outcomes?.[0]?.tag?.id ?? '', token)
    })
    expect(entries.map(said)).toEqual([
      `agent agent-7 | RECORD_TAGGED | contact in ${name}`,
      `agent agent-7 | RECORD_UNTAGGED | contact in ${name}`,
    ])
    expect(entries[0]?.subjectId).toBe(record?.id)
    expect(JSON.stringify(await gateway.database.auditEntry.findMany())).not.toContain(record?.name)
  })
})

it('retrying, discarding and erasing; nothing of the visitor stands in it', async () => {
  const visitor = { phone: '+44 20 7946 0958', fullName: 'Vera Visitor', email: 'vera@visitor.example' }
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'], first: 1 })
  const thread = await startConversation(gateway, 'SMS', visitor)
  await tag(gateway, thread, [hits[0]?.record.id ?? ''])
  const { pushes } = await gateway.execute('{ pushes(first: 1) { edges { node { id } } } }')
  const { id } = pushes.edges[0].node
  const entries = await noted(async () => {
    await act(gateway, 'discardPush', id)
    await act(gateway, 'retryPush', id)
    await actOnAll(gateway, 'discardPushes', { status: ['QUEUED'] }, service)
    await actOnAll(gateway, 'discardPushes', { status: ['QUEUED'] }, service)
    const erase = 'mutation ($input: EraseVisitorInput!) { eraseVisitor(input: $input) { __typename } }'
    await gateway.execute(erase, { input: { email: visitor.email } }, service)
  })
  expect(entries).toEqual([
    'key "Test ADMIN" | PUSH_DISCARDED | 1 push',
    'key "Test ADMIN" | PUSH_RETRIED | 1 push',
    expect.stringMatching(/^key "Test SERVICE" \| PUSH_DISCARDED \| \d+ push(es)?$/),
    'key "Test SERVICE" | VISITOR_ERASED | 1 conversation',
  ])
  const kept = JSON.stringify(await gateway.database.auditEntry.findMany())
  for (const text of [visitor.phone, 'Vera', visitor.email, thread.mark]) expect(kept).not.toContain(text)
})

/** Changes that no entry tells of, and why. */
const untold: Record<string, string> = {
  issueAgentToken:
    'A backend asks for one for each agent every hour: they would drown the rest, and what agents write is told.',
  beginSignIn: 'Nothing has happened until the person comes back.',
  checkIntegration: 'It asks the CRM how it is.',
  keepSession: 'It asks the CRM how it is.',
  startConversation: 'The chat product tells what is going on: it is data, not an act.',
  updateVisitor: 'As above.',
  appendMessages: 'As above.',
  endConversation: 'As above.',
}
const told = [
  ...['connectDynamics', 'disconnectIntegration', 'createApiKey', 'revokeApiKey', 'inviteMember', 'withdrawInvite'],
  ...['changeMemberRole', 'removeMember', 'updateWorkspace', 'declareChatVariable', 'removeChatVariable'],
  ...['createRecord', 'tagConversation', 'untagConversation', 'retryPush', 'discardPush', 'retryPushes'],
  ...['discardPushes', 'eraseVisitor', 'importSettings', 'restoreSettings', 'updateDynamicsSettings'],
  ...['updateSalesforceSettings', 'updateDefaultFields', 'addEntity', 'updateEntity', 'removeEntity'],
  'reorderEntities',
  ...['ExportField', 'SearchField', 'DetailField', 'BackendField'].flatMap((name) => [
    ...[`add${name}`, `update${name}`, `remove${name}`, `reorder${name}s`],
  ]),
]

it('every mutation is told of, or it says here why not', () => {
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {})
  expect(mutations.sort()).toEqual([...told, ...Object.keys(untold)].sort())
})
