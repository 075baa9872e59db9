import { createHttpClient } from '@backchannel/providers'
import { getOperationAST, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectEmulatedOrgs } from '../../packages/server/src/demo/emulated-orgs.ts'
import { exampleOperations } from '../../packages/server/src/demo/example-operations.ts'
import type { ExampleOperation } from '../../packages/server/src/http/graphiql.ts'
import { schema } from '../../packages/server/src/schema.ts'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'

let gateway: RunningGateway

beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.stop())

it('both emulated CRMs are connected, and say that they are emulated', async () => {
  const { data } = await ask(
    gateway.url,
    gateway.demo.key,
    '{ integrations { provider status emulated problems { code } } }',
  )
  expect(data.integrations).toEqual([
    { provider: 'DYNAMICS', status: 'CONNECTED', emulated: true, problems: [] },
    { provider: 'SALESFORCE', status: 'CONNECTED', emulated: true, problems: [] },
  ])
})

it('a second start connects nothing twice, nor what a person has disconnected', async () => {
  const { services } = gateway.gateway
  const [first] = await services.integrations.list(gateway.workspaceId)
  await services.integrations.disconnect(gateway.viewer('ADMIN'), first?.id ?? '')
  const http = createHttpClient({ allowedHosts: [] })
  await connectEmulatedOrgs(services.integrations, gateway.viewer('ADMIN'), http, {
    dynamicsUrl: gateway.emulator.dynamics.url,
    salesforceUrl: gateway.emulator.salesforce.url,
  })
  await http.close()
  expect(await services.integrations.list(gateway.workspaceId)).toMatchObject([
    { status: 'DISCONNECTED' },
    { status: 'CONNECTED' },
  ])
  const { id, provider } = first ?? {}
  expect([provider, typeof id]).toEqual(['DYNAMICS', 'string'])
})

/** Answers when the subscription is open. */
async function openStream({ url, demo }: RunningGateway, query: string): Promise<Response> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${demo.key}`,
    },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(50_000),
  })
  expect(response.status).toBe(200)
  return response
}

/** Reads a stream until this is among what it says. */
async function untilItSays({ body }: Response, text: string): Promise<void> {
  let said = ''
  for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    said += piece
    if (said.includes(text)) break
  }
  expect(said).toContain(text)
}

/** Each operation of a tab, as GraphiQL sends it: the whole text, and which is meant. */
function operationsOf({ query, variables }: ExampleOperation) {
  const names = parse(query).definitions.flatMap((it) => ('operation' in it && it.name ? [it.name.value] : []))
  return names.map((name) => {
    const kind = getOperationAST(parse(query), name)?.operation
    return { kind, run: ({ url, demo }: RunningGateway) => ask(url, demo.key, query, variables, name) }
  })
}

describe('the tabs of GraphiQL', () => {
  it.each(exampleOperations({}).map(({ query }) => [query.split('\n')[0] ?? '', query]))(
    '%s: is valid',
    (_title, query) => {
      expect(validate(schema, parse(query))).toEqual([])
    },
  )

  it('work as they stand, from searching to tagging and watching it arrive', async () => {
    const fresh = await startGateway({ worker: true })
    try {
      // The last one connects an org of one's own, which nobody has here.
      const operations = (await fresh.demo.examples()).slice(0, -1)
      const watch = operations.find(({ query }) => query.includes('subscription'))
      const watched = await openStream(fresh, watch?.query ?? '')
      const answers = []
      for (const { kind, run } of operations.flatMap(operationsOf)) {
        if (kind !== 'subscription') answers.push(await run(fresh))
      }
      expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([])
      await untilItSays(watched, '"status":"DELIVERED"')
      const data = Object.assign({}, ...answers.map((answer) => answer.data))
      expect(data.searchRecords.hits.length).toBeGreaterThan(2)
      expect(
        new Set(
          data.searchRecords.hits.map(
            (hit: { record: { integration: { provider: string } } }) => hit.record.integration.provider,
          ),
        ).size,
      ).toBe(2)
      expect(data.record.record.name).toBe('Ada Lovelace-Byrne')
      expect(data.createRecord).toMatchObject({ __typename: 'CreateRecordSuccess', record: { name: 'Edith Clarke' } })
      expect(data.recordForm).toMatchObject({ __typename: 'RecordForm', submitLabel: 'Save Contact' })
      expect(data.recordForm.fields).toContainEqual(
        expect.objectContaining({ label: 'Phone', defaultValue: '+1 512 555 0143' }),
      )
      expect(data.panel.integrations).toHaveLength(2)
      const { recordForm, planPush } = data.preview
      expect(recordForm.fields).toContainEqual({ label: 'Job title', group: 'EXPORT', required: false })
      expect(planPush.steps).toMatchObject([
        { kind: 'CREATE_ACTIVITY', entityName: 'TASK', target: { name: 'Ada Lovelace-Byrne' } },
        { kind: 'UPDATE_RECORD', values: [{ value: 'Wrote to us by SMS', origin: { kind: 'BACKEND_CONSTANT' } }] },
      ])
      expect(data.addExportField).toMatchObject({
        __typename: 'SettingsSuccess',
        integration: { settings: { exportFields: [{ label: 'Job title', check: 'OK' }] } },
      })
      expect(data.appendMessages).toHaveProperty('conversation.id')
      expect(data.tagConversation.outcomes).toMatchObject([{ error: null }, { error: null }])
      expect(data.pushes.edges.map((edge: { node: { tag: unknown } }) => edge.node.tag)).toMatchObject(
        Array(2).fill({ reference: { name: 'Ada Lovelace-Byrne' } }),
      )
    } finally {
      await fresh.stop()
    }
  })

  it('answer the same once they are compiled', async () => {
    const fresh = await startGateway()
    try {
      const operations = (await fresh.demo.examples()).flatMap(operationsOf)
      const reading = operations.filter(({ kind }) => kind === 'query')
      expect(reading.length).toBeGreaterThan(4)
      for (const { run } of reading) {
        const answers = []
        for (let round = 0; round < 6; round += 1) {
          answers.push(await run(fresh))
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
        for (const answer of answers) expect(answer).toEqual(answers[0])
      }
    } finally {
      await fresh.stop()
    }
  })
})
