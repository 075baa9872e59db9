/** One run through all that a gateway does, with secrets and people that are unlike anything else. */
import { randomUUID } from 'node:crypto'
import { dynamicsDemo, salesforceDemo } from '@backchannel/emulator'
import { expect, vi } from 'vitest'
import { createTokenStore } from '../../packages/server/src/integrations/token-store.ts'
import {
  beginMicrosoftSignIn,
  beginSignIn,
  comeBack,
  connectDynamics,
  connectOnPremises,
  decide,
  signInAtMicrosoft,
} from './connecting.ts'
import { delivered, say, startConversation, tag } from './conversing.ts'
import { createRecord } from './creating.ts'
import { ask, type RunningGateway } from './running-gateway.ts'
import { orgsOf, searchRecords } from './searching.ts'
import { addMember, cookieOf, INVITE, post, signIn, tokenOf } from './signing-in.ts'

type ByWhatItIs = Readonly<Record<string, readonly string[]>>

/** What must not be found, by what it is. */
export interface Canaries {
  /** Given to us, or got from a CRM, and shown to nobody: neither kept in clear, nor logged, nor answered. */
  readonly neverShown: ByWhatItIs
  /** Made by us, and answered once to whoever asked for it: neither kept in clear nor logged. */
  readonly shownOnce: ByWhatItIs
  /** Of people: answered to whoever may ask, neither kept in clear nor logged. */
  readonly personal: ByWhatItIs
}

const visitor = {
  externalId: `visitor-${randomUUID()}`,
  fullName: 'Philippa Unmistakable',
  phone: '+44 20 7946 0958',
  email: `philippa-${randomUUID()}@people.example`,
  accountId: `account-${randomUUID()}`,
}
const said = `something private ${randomUUID()}`
const attachment = `https://files.example/${randomUUID()}.pdf`
const chatVariable = `a variable's value ${randomUUID()}`
const created = { firstname: 'Quintessa', lastname: 'Extraordinary', emailaddress1: `q-${randomUUID()}@people.example` }
const wrongSecret = `a-wrong-client-secret-${randomUUID()}`
const owner = { email: 'owner@example.com', password: `the password of the owner ${randomUUID()}` }
const wrongPassword = `a guessed password ${randomUUID()}`
const newPassword = `a new password of the owner ${randomUUID()}`

export async function runThroughAll(gateway: RunningGateway): Promise<Canaries> {
  const ours = await signInAndAround(gateway)
  const codes = await connectAllWays(gateway)
  await converse(gateway, ours.agentToken)
  await failInManyWays(gateway)
  return {
    neverShown: {
      'secrets of apps': [dynamicsDemo.clientSecret, salesforceDemo.clientSecret, wrongSecret],
      'passwords of people': [owner.password, wrongPassword, newPassword, 'a long password', dynamicsDemo.password],
      'tokens of CRMs': await tokensOf(gateway),
      'codes of sign-ins': codes,
      'encryption keys': [gateway.keys.split(':')[1] ?? ''],
    },
    shownOnce: { 'keys, tokens and sessions of ours': ours.secrets },
    personal: {
      "a visitor's name, phone, address and ids": Object.values(visitor),
      'what was said, attached and known of a chat': [said, attachment, chatVariable],
      'the values of a created record': Object.values(created),
      'the names of CRM records that were tagged': ['Ada Lovelace-Byrne', 'Lovelace'],
    },
  }
}

/** Sessions, keys, tokens, invites, a second factor, and what goes wrong about them. */
async function signInAndAround(gateway: RunningGateway): Promise<{ secrets: string[]; agentToken: string }> {
  await gateway.gateway.entrance.ensureFirstOwner(owner)
  await post(gateway, '/sign-in/email', { ...owner, password: wrongPassword })
  const first = await signIn(gateway, owner)
  const { inviteMember } = await first.execute(INVITE, { email: 'ines@example.com', role: 'ADMIN' })
  await addMember(gateway, first, 'joined@example.com', 'ADMIN')
  const passwords = { currentPassword: owner.password, newPassword, revokeOtherSessions: true }
  const changed = await post(gateway, '/change-password', passwords, { cookie: first.cookie })
  expect(changed.status).toBe(200)
  const second = await signIn(gateway, { ...owner, password: newPassword })
  const enabled = await post(gateway, '/two-factor/enable', { password: newPassword }, { cookie: second.cookie })
  const { totpURI, backupCodes } = (await enabled.json()) as { totpURI: string; backupCodes: string[] }
  const apiKey = await gateway.execute(
    'mutation { createApiKey(name: "Chat backend", scope: SERVICE) { ... on CreateApiKeySuccess { key } } }',
  )
  const issued = await gateway.execute(
    'mutation { issueAgentToken(agentId: "a1", agentName: "Anna") { ... on IssueAgentTokenSuccess { token } } }',
    {},
    apiKey.createApiKey.key,
  )
  const agentToken: string = issued.issueAgentToken.token
  const sessions = [first.cookie, cookieOf(changed), second.cookie].flatMap(sessionIn)
  const secret = new URL(totpURI).searchParams.get('secret') ?? ''
  const made = [apiKey.createApiKey.key, agentToken, tokenOf(inviteMember.url), secret, ...backupCodes]
  return { secrets: [...made, ...sessions], agentToken }
}

/** The signed value of the session's cookie, as the browser has it, and the token alone. */
function sessionIn(cookies: string): string[] {
  return cookies.split('; ').flatMap((cookie) => {
    const [name = '', value = ''] = cookie.split('=')
    const [token = ''] = value.split('.')
    return name.endsWith('session_token') && value !== '' ? [value, token] : []
  })
}

/** Answers the codes with which browsers came back from the vendors' pages. */
async function connectAllWays(gateway: RunningGateway): Promise<string[]> {
  await connectDynamics(gateway, { clientSecret: wrongSecret })
  const onPremises = await connectOnPremises(gateway, {}, await gateway.otherWorkspace('On premises'))
  expect(onPremises.__typename).toBe('ConnectSuccess')
  const bySignIn = await gateway.otherWorkspace('Signs in')
  const atSalesforce = await decide(await beginSignIn(gateway, {}, bySignIn))
  const atMicrosoft = await signInAtMicrosoft(await beginMicrosoftSignIn(gateway, {}, bySignIn))
  for (const callback of [atSalesforce, atMicrosoft]) expect((await comeBack(callback)).status).toBe(303)
  // A second time it is refused, and noted.
  await comeBack(atSalesforce)
  return [atSalesforce, atMicrosoft].map((callback) => callback.searchParams.get('code') ?? '')
}

async function converse(gateway: RunningGateway, agentToken: string): Promise<void> {
  const { DYNAMICS } = await orgsOf(gateway)
  const thread = await startConversation(gateway, 'SMS', visitor)
  await say(gateway, thread, said)
  const message = { externalId: randomUUID(), author: 'VISITOR', text: thread.mark, sentAt: new Date().toISOString() }
  await gateway.execute(
    `mutation ($id: ID!, $messages: [MessageInput!]!, $chat: StartConversationInput!) {
      appendMessages(conversationId: $id, messages: $messages) { __typename }
      startConversation(input: $chat) { ... on ConversationSuccess { conversation { variables { name value } } } }
    }`,
    {
      id: thread.id,
      messages: [{ ...message, attachments: [{ name: 'private.pdf', url: attachment }] }],
      chat: { externalId: randomUUID(), channel: 'CHAT', visitor, variables: [{ name: 'note', value: chatVariable }] },
    },
  )
  const ofVisitor = await searchRecords(gateway, { conversationId: thread.id }, agentToken)
  expect(ofVisitor.__typename).toBe('SearchRecordsSuccess')
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  const ids = hits.map(({ record }) => record.id)
  await tag(gateway, thread, ids, {}, agentToken)
  await delivered(gateway, thread, 3)
  const values = Object.entries(created).map(([name, value]) => ({ name, value }))
  const input = { values, conversationId: thread.id, idempotencyKey: randomUUID() }
  expect((await createRecord(gateway, DYNAMICS, 'CONTACT', input)).__typename).toBe('CreateRecordSuccess')
  await delivered(gateway, thread, 3)
  await gateway.execute(
    `query ($id: ID!) { node(id: $id) { ... on Conversation {
      visitor { externalId fullName phone email accountId }
      messages(first: 10) { edges { node { text attachments { url } } } }
    } } }`,
    { id: thread.id },
  )
  // A push that fails is kept with its cause, and logged.
  await gateway.crm.salesforce.addFault({ body: said, times: 9 }, { status: 500, body: `Trouble with ${said}` })
  await say(gateway, thread, 'third')
  await vi.waitFor(() => expect(gateway.lines.join('')).toContain('A push failed'), 30_000)
}

/** What is refused with something secret or personal in it. */
async function failInManyWays(gateway: RunningGateway): Promise<void> {
  const secrets = [owner.password, dynamicsDemo.clientSecret]
  for (const secret of secrets) {
    await ask(gateway.url, secret, '{ viewer { kind } }')
    await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(`{ viewer }`)}&secret=${encodeURIComponent(secret)}`)
    await fetch(`${gateway.url}/auth/callback/salesforce?code=${encodeURIComponent(secret)}&state=${wrongPassword}`)
    await post(gateway, '/sign-in/email', `{"email": "${visitor.email}", "password": "${secret}"`)
  }
  await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"query": "{ viewer { kind } }", "variables": {"visitor": "${visitor.fullName}"`,
  })
  await searchRecords(gateway, { term: visitor.fullName, phone: visitor.phone })
}

async function tokensOf(gateway: RunningGateway): Promise<string[]> {
  const { secrets } = gateway.gateway
  const parts = { prisma: gateway.database, secrets, now: Date.now }
  const held = await Promise.all(
    (await gateway.database.integration.findMany()).map(({ id, workspaceId }) =>
      createTokenStore(parts, workspaceId, id).read(),
    ),
  )
  return held.flatMap((tokens) =>
    tokens === null ? [] : [tokens.accessToken, ...(tokens.refreshToken === null ? [] : [tokens.refreshToken])],
  )
}
