/** The built gateway as `npm start` runs it, with the emulated Dynamics 365 behind the recording upstream. */
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ControlClient, createControl, startEmulator } from '@backchannel/emulator'
import { request } from 'undici'
import { weighHandWritten } from './hand-written.ts'
import type { LoadRequest } from './load.ts'
import { answer, ask, start, startProgram } from './processes.ts'
import type { RecordedCall } from './upstream.ts'

export const root = resolve(import.meta.dirname, '../..')
export const mainFile = join(root, 'packages/server/dist/main.js')
export const apiKey = 'bench-key-of-at-least-32-characters-0123456789'
const rows = 50

export interface Search {
  query: string
  variables: Record<string, unknown>
  expect: string
  rows: number
}

export interface Gateway {
  process: ChildProcess
  port: number
  env: Record<string, string>
  /** Runs an operation as an admin; answers its data. */
  execute<T>(query: string, variables?: object): Promise<T>
}

export interface OpenedGateway {
  gateway: Gateway
  /** The integration with the emulated Dynamics 365. */
  dynamics: Integration
  control: ControlClient
  upstream: ChildProcess
  /** The upstream's address. */
  origin: string
  search: Search
  /** What the search asks of the upstream. */
  recorded: RecordedCall
  handWrittenBytes: number
  /** How many searches the upstream has answered so far. */
  countUpstream(): Promise<number>
  stop(): Promise<void>
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return typeof address === 'object' && address ? address.port : 0
}

/** @param more over what the gateway is started with */
export async function openGateway(
  bundles: string,
  directory: string,
  more: Record<string, string> = {},
): Promise<OpenedGateway> {
  if (!existsSync(mainFile)) throw new Error('The server is not built: run "npm run bench", which builds it.')
  const emulator = await startEmulator({})
  const upstream = start(join(bundles, 'upstream.js'), [emulator.dynamics.url])
  const { port: upstreamPort } = await answer<{ port: number }>(upstream)
  const origin = `http://127.0.0.1:${upstreamPort}`

  const port = await freePort()
  const env = {
    PORT: String(port),
    BACKCHANNEL_DATA: directory,
    EMULATOR: 'on',
    EMULATOR_DYNAMICS_PORT: String(upstreamPort),
    EMULATOR_SALESFORCE_PORT: new URL(emulator.salesforce.url).port,
    ADMIN_API_KEY: apiKey,
    LOG_LEVEL: 'warn',
    // One key asks as fast as it can; it is counted all the same.
    LIMIT_KEY_OPERATIONS: '100000000',
    LIMIT_ADDRESS_REQUESTS: '100000000',
    NODE_ENV: 'production',
    BACKCHANNEL_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    ...more,
  }
  const gateway: Gateway = {
    process: startProgram(mainFile, [], env),
    port,
    env,
    execute: (query, variables) => executeAt(port, query, variables),
  }
  await untilAnswers(port)

  const dynamics = await findDynamics(gateway)
  const people = { firstName: 'Bench', phone: '+15125550171', keptPhone: '(512) 555-0171' }
  await addContacts(gateway, dynamics, people)
  const search = searchOf(dynamics, people)
  const recording = answer<{ recorded: RecordedCall }>(upstream)
  await gateway.execute(search.query, { ...search.variables, fullName: nameOf(0) })
  const { recorded } = await recording
  const countUpstream = async () => (await ask<{ calls: number }>(upstream, 'count')).calls
  const handWrittenBytes = await weighHandWritten(origin, recorded, rows)
  const control = createControl(emulator.dynamics.url)
  const { stop } = emulator
  return { gateway, dynamics, control, upstream, origin, search, recorded, handWrittenBytes, countUpstream, stop }
}

/** People who share one phone, so that one search finds exactly as many rows as are wanted. */
export interface People {
  firstName: string
  /** As it is searched for. */
  phone: string
  /** As the CRM has it. */
  keptPhone: string
}

/** @param more further fields of each record */
export function searchOf({ id }: Integration, { firstName, phone }: People, more = ''): Search {
  return {
    query: `query Bench($phone: String!, $fullName: String!, $integration: ID!) {
      searchRecords(
        input: { phone: $phone, fullName: $fullName, integrationIds: [$integration], kinds: [CONTACT], first: ${rows} }
      ) {
        ... on SearchRecordsSuccess { hits { matchedBy exact record { id name phone email url ${more} } } }
        ... on Error { code message }
      }
    }`,
    variables: { phone, integration: id },
    expect: `${firstName} Person ${rows}`,
    rows,
  }
}

/** Each caller looks for somebody else, since identical searches in flight would travel as one. */
const callers = 64
const nameOf = (caller: number) => `Nobody ${caller}`

const plainSearch =
  'query Bench($phone: String!) { search(phone: $phone) { hits { matchedBy exact record { id name phone email url } } } }'

export function searchRequest(port: number, contender: 'gateway' | 'yoga' | 'pothos', search: Search): LoadRequest {
  const query = contender === 'gateway' ? search.query : plainSearch
  const variables = Array.from({ length: callers }, (_, caller) => ({ ...search.variables, fullName: nameOf(caller) }))
  return graphqlRequest(port, query, variables, search.expect)
}

/** @param variables of each caller, in turn */
export function graphqlRequest(port: number, query: string, variables: readonly object[], expect: string): LoadRequest {
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${apiKey}` },
    bodies: variables.map((each) => JSON.stringify({ query, variables: each })),
    parse: false,
    expect,
  }
}

export async function executeAt<T>(port: number, query: string, variables: object = {}): Promise<T> {
  const { body } = await request(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await body.json()) as { data?: T; errors?: unknown }
  if (errors || !data) throw new Error(`The gateway refused: ${JSON.stringify(errors)}`)
  return data
}

export async function untilAnswers(port: number): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const ready = await request(`http://127.0.0.1:${port}/ready`).then(
      async ({ statusCode, body }) => body.dump().then(() => statusCode === 200),
      () => false,
    )
    if (ready) return
    if (Date.now() > deadline) throw new Error('The gateway did not get ready within 30 s')
    await sleep(20)
  }
}

export interface Integration {
  id: string
  provider: string
  entityTypes: { id: string; kind: string }[]
}

async function findDynamics({ execute }: Gateway): Promise<Integration> {
  const { integrations } = await execute<{ integrations: Integration[] }>(
    '{ integrations { id provider entityTypes { id kind } } }',
  )
  const dynamics = integrations.find((integration) => integration.provider === 'DYNAMICS')
  if (!dynamics) throw new Error('The demo connects no Dynamics 365')
  return dynamics
}

export function contactsOf({ entityTypes }: Integration): string {
  const id = entityTypes.find((entityType) => entityType.kind === 'CONTACT')?.id
  if (id === undefined) throw new Error('The integration has no contacts')
  return id
}

export async function addContacts(
  { execute }: Gateway,
  dynamics: Integration,
  { firstName, keptPhone }: People,
): Promise<void> {
  for (let number = 1; number <= rows; number += 1) {
    const { createRecord } = await execute<{ createRecord: { __typename: string; message?: string } }>(
      `mutation Add($input: CreateRecordInput!) {
        createRecord(input: $input) { __typename ... on Error { message } }
      }`,
      {
        input: {
          integrationId: dynamics.id,
          entityTypeId: contactsOf(dynamics),
          values: [
            { name: 'firstname', value: firstName },
            { name: 'lastname', value: `Person ${number}` },
            { name: 'telephone1', value: keptPhone },
            { name: 'emailaddress1', value: `${firstName.toLowerCase()}.${number}@example.com` },
          ],
        },
      },
    )
    if (createRecord.__typename !== 'CreateRecordSuccess') throw new Error(createRecord.message)
  }
}
