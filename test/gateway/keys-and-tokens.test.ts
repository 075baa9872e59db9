import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'

let gateway: RunningGateway
let admin: string

beforeAll(async () => {
  gateway = await startGateway()
  admin = await gateway.key('ADMIN')
})
afterAll(() => gateway.stop())

const VIEWER = '{ viewer { kind scopes workspace { name countryCode brand } user { name } agent { id name email } } }'
const CREATE = `mutation ($name: String!, $scope: Scope!, $expiresAt: DateTime) {
  createApiKey(name: $name, scope: $scope, expiresAt: $expiresAt) {
    __typename
    ... on CreateApiKeySuccess { key apiKey { id name scope preview expiresAt } }
    ... on ValidationError { code fields { path message } }
  }
}`
const REVOKE = `mutation ($id: ID!) {
  revokeApiKey(id: $id) { __typename ... on RevokeApiKeySuccess { apiKey { id } } ... on Error { code message } }
}`
const ISSUE = `mutation ($conversationIds: [ID!], $seconds: Int) {
  issueAgentToken(agentId: "a1", agentName: "Anna", conversationIds: $conversationIds, expiresInSeconds: $seconds) {
    __typename
    ... on IssueAgentTokenSuccess { token expiresAt }
    ... on ValidationError { fields { path message } }
  }
}`

it('a key is made, listed without itself, read as a node, used, and revoked', async () => {
  const { data } = await ask(gateway.url, admin, CREATE, { name: 'Chat backend', scope: 'SERVICE' })
  const { key, apiKey } = data.createApiKey
  expect(apiKey).toMatchObject({
    name: 'Chat backend',
    scope: 'SERVICE',
    preview: `${key.slice(0, 10)}…`,
    expiresAt: null,
  })

  const listed = await ask(gateway.url, admin, '{ apiKeys { id name } }')
  expect(listed.data.apiKeys).toContainEqual({ id: apiKey.id, name: 'Chat backend' })
  expect(JSON.stringify(listed.data)).not.toContain(key)
  const nodeFor = async (bearer: string) =>
    (
      await ask(gateway.url, bearer, 'query ($id: ID!) { node(id: $id) { ... on ApiKey { name } } }', {
        id: apiKey.id,
      })
    ).data.node
  expect(await nodeFor(admin)).toEqual({ name: 'Chat backend' })
  expect(await nodeFor(key), 'a key that is no admin is given none by its id').toBeNull()

  const used = await ask(gateway.url, key, VIEWER)
  expect(used.data.viewer).toEqual({
    kind: 'API_KEY',
    scopes: ['SERVICE', 'AGENT'],
    workspace: { name: 'My workspace', countryCode: 'US', brand: 'Alive' },
    user: null,
    agent: null,
  })

  expect((await ask(gateway.url, admin, REVOKE, { id: apiKey.id })).data.revokeApiKey).toMatchObject({
    apiKey: { id: apiKey.id },
  })
  expect((await ask(gateway.url, key, VIEWER)).status).toBe(401)
  expect((await ask(gateway.url, admin, REVOKE, { id: apiKey.id })).data.revokeApiKey).toMatchObject({
    code: 'NOT_FOUND',
  })
})

it('a key that cannot be is refused by the field', async () => {
  const { data } = await ask(gateway.url, admin, CREATE, {
    name: ' ',
    scope: 'AGENT',
    expiresAt: '2020-01-01T00:00:00Z',
  })
  expect(data.createApiKey).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['name'] }] })
})

it("a key's node is not there for those who may not list keys", async () => {
  const { data } = await ask(gateway.url, admin, '{ apiKeys { id } }')
  const service = await gateway.key('SERVICE')
  const node = await ask(gateway.url, service, 'query ($id: ID!) { node(id: $id) { id } }', { id: data.apiKeys[0].id })
  expect(node.data).toEqual({ node: null })
})

it("an agent's token opens what it says, until its key is revoked", async () => {
  const made = (await ask(gateway.url, admin, CREATE, { name: 'Issuer', scope: 'SERVICE' })).data.createApiKey
  const { data } = await ask(gateway.url, made.key, ISSUE, { seconds: 300 })
  const { token } = data.issueAgentToken
  expect((await ask(gateway.url, token, VIEWER)).data.viewer).toMatchObject({
    kind: 'AGENT',
    scopes: ['AGENT'],
    agent: { id: 'a1', name: 'Anna', email: null },
  })
  expect((await ask(gateway.url, token, ISSUE)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  await ask(gateway.url, admin, REVOKE, { id: made.apiKey.id })
  expect((await ask(gateway.url, token, VIEWER)).status).toBe(401)
})

it('a token for something that is no conversation is refused by the place in the list', async () => {
  const service = await gateway.key('SERVICE')
  const { data } = await ask(gateway.url, service, ISSUE, { conversationIds: ['nonsense'] })
  expect(data.issueAgentToken).toMatchObject({ fields: [{ path: ['conversationIds', '0'] }] })
})

it('no key, token or password of this file stands in the log', async () => {
  expect(gateway.lines.join('')).not.toMatch(/bck_[\w-]{20}|eyJ[\w-]+\./)
})
