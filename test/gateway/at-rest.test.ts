import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dynamicsDemo, salesforceDemo } from '@backchannel/emulator'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTokenStore } from '../../packages/server/src/integrations/token-store.ts'
import { connectDynamics } from './connecting.ts'
import { delivered, say, startConversation, tag } from './conversing.ts'
import { createRecord } from './creating.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { orgsOf, searchRecords } from './searching.ts'

let gateway: RunningGateway
let kept: Buffer
let logged: string

/** What a visitor and an agent said, and what opens something; each is unlike anything else. */
const visitor = {
  externalId: `visitor-${randomUUID()}`,
  fullName: 'Philippa Unmistakable',
  phone: '+44 20 7946 0958',
  email: `philippa-${randomUUID()}@people.example`,
  accountId: `account-${randomUUID()}`,
}
const said = `something private ${randomUUID()}`
const created = { firstname: 'Quintessa', lastname: 'Extraordinary', emailaddress1: `q-${randomUUID()}@people.example` }
const tokens: string[] = []
let apiKey = ''
let agentToken = ''

beforeAll(async () => {
  gateway = await startGateway({ worker: true })
  const { DYNAMICS } = await orgsOf(gateway)
  apiKey = await gateway.key('SERVICE')
  const { issueAgentToken } = await gateway.execute(
    'mutation { issueAgentToken(agentId: "a1", agentName: "Anna") { ... on IssueAgentTokenSuccess { token } } }',
    {},
    apiKey,
  )
  agentToken = issueAgentToken.token

  const thread = await startConversation(gateway, 'SMS', visitor)
  await say(gateway, thread, said)
  const ofVisitor = await searchRecords(gateway, { conversationId: thread.id }, agentToken)
  expect(ofVisitor.__typename).toBe('SearchRecordsSuccess')
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  await tag(
    gateway,
    thread,
    hits.map(({ record }) => record.id),
    {},
    agentToken,
  )
  await delivered(gateway, thread, 2)
  const values = Object.entries(created).map(([name, value]) => ({ name, value }))
  const input = { values, conversationId: thread.id, idempotencyKey: randomUUID() }
  expect((await createRecord(gateway, DYNAMICS, 'CONTACT', input)).__typename).toBe('CreateRecordSuccess')
  await delivered(gateway, thread, 2)
  await connectDynamics(gateway, { clientSecret: 'a-wrong-client-secret' })
  // A push that fails is kept with its cause, and logged.
  await gateway.crm.salesforce.addFault({ body: said, times: 9 }, { status: 500, body: `Trouble with ${said}` })
  await say(gateway, thread, 'third')
  await vi.waitFor(() => expect(gateway.lines.join('')).toContain('A push failed'), 30_000)

  const { secrets, services } = gateway.gateway
  const parts = { prisma: gateway.database, secrets, now: Date.now }
  for (const { id } of await services.integrations.list(gateway.workspaceId)) {
    const held = await createTokenStore(parts, gateway.workspaceId, id).read()
    if (held) tokens.push(held.accessToken, ...(held.refreshToken === null ? [] : [held.refreshToken]))
  }

  const files = await readdir(gateway.directory)
  expect(files).toContain('gateway.db')
  kept = Buffer.concat(await Promise.all(files.map((file) => readFile(join(gateway.directory, file)))))
  logged = gateway.lines.join('')
})
afterAll(() => gateway.stop())

/** In whatever way a text may be written: as it is, as two-byte characters, in base64 at any offset, in hexadecimal. */
function spellingsOf(text: string): Buffer[] {
  const utf8 = Buffer.from(text)
  const base64 = [0, 1, 2].map((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), utf8]).toString('base64')
    return shifted.slice(offset === 0 ? 0 : 4, -4)
  })
  const spellings = [utf8, Buffer.from(text, 'utf16le'), ...base64.map((it) => Buffer.from(it))]
  return [...spellings, Buffer.from(utf8.toString('hex'))]
}

const secretsOf: Record<string, () => string[]> = {
  "a visitor's name, phone, address and ids": () => Object.values(visitor),
  'what was said': () => [said],
  'the values of a created record': () => Object.values(created),
  'the names of CRM records that were tagged': () => ['Ada Lovelace-Byrne', 'Lovelace'],
  'secrets of apps': () => [dynamicsDemo.clientSecret, salesforceDemo.clientSecret, 'a-wrong-client-secret'],
  'tokens of CRMs': () => tokens,
  'keys and tokens of ours': () => [apiKey, agentToken, gateway.demo.key],
}

it('there is something to look for, and it would be found', () => {
  expect(tokens.length).toBeGreaterThanOrEqual(3)
  for (const text of Object.values(secretsOf).flatMap((of) => of())) expect(text.length).toBeGreaterThan(7)
  // What is kept in clear, so that the search below is known to see what there is.
  expect(kept.includes('Test SERVICE')).toBe(true)
  expect(kept.includes(dynamicsDemo.organizationId)).toBe(true)
  expect(logged).toContain('CRM call')
})

describe.each(Object.keys(secretsOf))('%s', (what) => {
  it('are nowhere in the database in clear', () => {
    for (const text of secretsOf[what]?.() ?? []) {
      for (const spelling of spellingsOf(text)) expect(kept.includes(spelling), `${text} as ${spelling}`).toBe(false)
    }
  })

  it('are nowhere in the log, not even at debug level', () => {
    for (const text of secretsOf[what]?.() ?? []) expect(logged).not.toContain(text)
  })
})
