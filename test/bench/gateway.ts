/** The built gateway as `npm start` runs it, with the emulated Dynamics 365 behind the recording upstream. */
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmulator } from '@backchannel/emulator'
import { request } from 'undici'
import { weighHandWritten } from './hand-written.ts'
import type { LoadRequest } from './load.ts'
import { answer, ask, start, startProgram } from './processes.ts'
import type { RecordedCall } from './upstream.ts'

export const root = resolve(import.meta.dirname, '../..')
const mainFile = join(root, 'packages/server/dist/main.js')
const apiKey = 'bench-key-of-at-least-32-characters-0123456789'
const phone = '+15125550171'
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
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return typeof address === 'object' && address ? address.port : 0
}

export async function openGateway(bundles: string, directory: string) {
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
    NODE_ENV: 'production',
    BACKCHANNEL_KEYS: `bench:${randomBytes(32).toString('base64')}`,
  }
  const gateway: Gateway = { process: startProgram(mainFile, [], env), port, env }
  await untilAnswers(port)

  const dynamics = await findDynamics(port)
  await addContacts(port, dynamics)
  const search: Search = {
    query: `query Bench($phone: String!, $fullName: String!, $integration: ID!) {
      searchRecords(
        input: { phone: $phone, fullName: $fullName, integrationIds: [$integration], kinds: [CONTACT], first: ${rows} }
      ) {
        ... on SearchRecordsSuccess { hits { matchedBy exact record { id name phone email url } } }
        ... on Error { code message }
      }
    }`,
    variables: { phone, fullName: nameOf(0), integration: dynamics.id },
    expect: `Bench Person ${rows}`,
    rows,
  }
  const recording = answer<{ recorded: RecordedCall }>(upstream)
  await graphql(port, search.query, search.variables)
  const { recorded } = await recording
  const countUpstream = async () => (await ask<{ calls: number }>(upstream, 'count')).calls
  const handWrittenBytes = await weighHandWritten(origin, recorded, rows)
  return { gateway, upstream, recorded, handWrittenBytes, origin, search, countUpstream, stop: emulator.stop }
}

/** Each caller looks for somebody else, since identical searches in flight would travel as one. */
const callers = 64
const nameOf = (caller: number) => `Nobody ${caller}`

export function searchRequest(port: number, contender: 'gateway' | 'yoga' | 'pothos', search: Search): LoadRequest {
  const queries = {
    gateway: search.query,
    yoga: 'query Bench($phone: String!) { search(phone: $phone) { hits { matchedBy exact record { id name phone email url } } } }',
    pothos: 'query Bench($phone: String!) { search(phone: $phone) { id name } }',
  }
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${apiKey}` },
    bodies: Array.from({ length: callers }, (_, caller) =>
      JSON.stringify({ query: queries[contender], variables: { ...search.variables, fullName: nameOf(caller) } }),
    ),
    parse: false,
    expect: search.expect,
  }
}

async function graphql<T>(port: number, query: string, variables: object = {}): Promise<T> {
  const { body } = await request(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await body.json()) as { data?: T; errors?: unknown }
  if (errors || !data) throw new Error(`The gateway refused: ${JSON.stringify(errors)}`)
  return data
}

async function untilAnswers(port: number): Promise<void> {
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

interface Integration {
  id: string
  provider: string
  entityTypes: { id: string; kind: string }[]
}

async function findDynamics(port: number): Promise<Integration> {
  const { integrations } = await graphql<{ integrations: Integration[] }>(
    port,
    '{ integrations { id provider entityTypes { id kind } } }',
  )
  const dynamics = integrations.find((integration) => integration.provider === 'DYNAMICS')
  if (!dynamics) throw new Error('The demo connects no Dynamics 365')
  return dynamics
}

/** People who share one phone, so that one search finds exactly as many rows as are wanted. */
async function addContacts(port: number, dynamics: Integration): Promise<void> {
  const entityTypeId = dynamics.entityTypes.find((entityType) => entityType.kind === 'CONTACT')?.id
  for (let number = 1; number <= rows; number += 1) {
    const { createRecord } = await graphql<{ createRecord: { __typename: string; message?: string } }>(
      port,
      `mutation Add($input: CreateRecordInput!) {
        createRecord(input: $input) { __typename ... on Error { message } }
      }`,
      {
        input: {
          integrationId: dynamics.id,
          entityTypeId,
          values: [
            { name: 'firstname', value: 'Bench' },
            { name: 'lastname', value: `Person ${number}` },
            { name: 'telephone1', value: '(512) 555-0171' },
            { name: 'emailaddress1', value: `bench.${number}@example.com` },
          ],
        },
      },
    )
    if (createRecord.__typename !== 'CreateRecordSuccess') throw new Error(createRecord.message)
  }
}
