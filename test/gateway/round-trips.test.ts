import type { RecordedCall } from '@backchannel/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { type Org, orgsOf, type Provider, providers, searchRecords } from './searching.ts'

let gateway: RunningGateway
let orgs: Record<Provider, Org>

beforeAll(async () => {
  gateway = await startGateway({ people: 400 })
  orgs = await orgsOf(gateway)
})
afterAll(() => gateway.stop())

const phone = '+1 512 555 0143'
/** Sign-in and metadata: what a CRM is asked before it can be asked anything else. */
const preparing = /oauth2|EntityDefinitions|AttributeMetadata|\/describe\b|GlobalOptionSet/
const isData = (call: RecordedCall) =>
  !preparing.test(call.path + call.query) && !call.parts?.every((part) => preparing.test(part.path))

/** The calls that each CRM saw while `work` ran. */
async function callsOf(work: () => Promise<unknown>): Promise<Record<Provider, RecordedCall[]>> {
  const { dynamics, salesforce } = gateway.crm
  await Promise.all([dynamics.clearCalls(), salesforce.clearCalls()])
  await work()
  return { DYNAMICS: await dynamics.calls(), SALESFORCE: await salesforce.calls() }
}

/** The query texts inside the calls of one CRM, as the CRM reads them. */
const queriesOf = (calls: RecordedCall[]) =>
  calls.flatMap(({ path, query, parts }) => (parts ? parts.map((part) => part.path) : [`${path}?${query}`])).map(decode)
const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))

/** The columns that each entity type was asked for: `contact` → fullname, telephone1. */
function columnsOf(calls: RecordedCall[]): Record<string, string[]> {
  const columns: Record<string, string[]> = {}
  for (const query of queriesOf(calls)) {
    const odata = /(\w+)\?.*\$select=([^&]*)/.exec(query)
    const soql = /SELECT (.*?) FROM (\w+)/i.exec(query)
    const [table, list] = odata ? [odata[1], odata[2]] : soql ? [soql[2], soql[1]] : []
    if (table && list) columns[table] = list.split(',').map((column) => column.trim())
  }
  return columns
}

async function findContacts(provider: Provider, count: number): Promise<string[]> {
  const input = { term: 'a', kinds: ['CONTACT'], first: count, integrationIds: [orgs[provider].id] }
  const { hits } = await searchRecords(gateway, input)
  expect(hits).toHaveLength(count)
  return hits.map(({ record }) => record.id)
}

it('the first search by phone makes one data request to each CRM, whatever was prepared before it', async () => {
  const calls = await callsOf(async () => {
    const { hits } = await searchRecords(gateway, { phone })
    expect(new Set(hits.map(({ record }) => record.__typename))).toEqual(new Set(['Account', 'Contact', 'Lead']))
  })
  for (const provider of providers) expect(calls[provider].filter(isData)).toHaveLength(1)
})

it('a warm search by phone over accounts, contacts and leads is one request to each CRM and no other', async () => {
  const calls = await callsOf(() => searchRecords(gateway, { phone }))
  for (const provider of providers) {
    expect(calls[provider]).toHaveLength(1)
    expect(calls[provider][0]?.parts).toHaveLength(3)
  }
})

it('phone, e-mail and name that nobody has are one request and the broad one, not one for each', async () => {
  const nobody = { phone: '+1 512 555 0000', email: 'nobody@nowhere.example', fullName: 'Nobody Atall' }
  const calls = await callsOf(() => searchRecords(gateway, nobody))
  for (const provider of providers) expect(calls[provider]).toHaveLength(2)
})

it('an untidy number is found by the second, broad request', async () => {
  const calls = await callsOf(async () => {
    const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0187' })
    expect(hits.map(({ record }) => record.name)).toEqual(['Grace Underhill', 'Grace Underhill'])
  })
  for (const provider of providers) expect(calls[provider]).toHaveLength(2)
})

it('64 identical searches in flight are one request to each CRM', async () => {
  const { dynamics, salesforce } = gateway.crm
  // Long enough that a busy machine has taken in all of them before the first is answered.
  await Promise.all([dynamics.setLatency({ ms: 2_000 }), salesforce.setLatency({ ms: 2_000 })])
  const calls = await callsOf(() =>
    Promise.all(Array.from({ length: 64 }, () => searchRecords(gateway, { email: 'zoe@people.example' }))),
  )
  await Promise.all([dynamics.setLatency({ ms: 0 }), salesforce.setLatency({ ms: 0 })])
  for (const provider of providers) expect(calls[provider]).toHaveLength(1)
})

it.each(providers)('50 contacts of %s with their accounts are two requests', async (provider) => {
  const input = { term: 'a', kinds: ['CONTACT'], first: 50, integrationIds: [orgs[provider].id] }
  const calls = await callsOf(async () => {
    const { searchRecords: found } = await gateway.execute(
      `query ($input: SearchRecordsInput!) {
        searchRecords(input: $input) {
          ... on SearchRecordsSuccess { hits { record { name ... on Contact { account { id name phone } } } } }
        }
      }`,
      { input },
    )
    expect(found.hits).toHaveLength(50)
    expect(
      found.hits.filter((hit: { record: { account: object | null } }) => hit.record.account).length,
    ).toBeGreaterThan(5)
  })
  expect(calls[provider]).toHaveLength(2)
})

describe('records by id', () => {
  const nodesQuery = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on CrmRecord { name } } }'

  it('of both CRMs and several types are one request for each CRM and type, in the order asked', async () => {
    const { hits } = await searchRecords(gateway, { phone })
    const ids = [...hits.map(({ record }) => record.id), ...hits.map(({ record }) => record.id).reverse()]
    const calls = await callsOf(async () => {
      const { nodes } = await gateway.execute(nodesQuery, { ids })
      expect(nodes.map((node: { id: string }) => node.id)).toEqual(ids)
    })
    // Dynamics knows an account and a contact by this number, Salesforce a contact and a lead.
    for (const provider of providers) expect(calls[provider]).toHaveLength(2)
  })

  it('25 opened in one operation are one request', async () => {
    const ids = await findContacts('DYNAMICS', 25)
    const fields = ids.map(
      (_, index) => `r${index}: record(id: $id${index}) { ... on RecordSuccess { record { id } } }`,
    )
    const variables = Object.fromEntries(ids.map((id, index) => [`id${index}`, id]))
    const declared = ids.map((_, index) => `$id${index}: ID!`).join(', ')
    const calls = await callsOf(async () => {
      const data = await gateway.execute(`query (${declared}) { ${fields.join('\n')} }`, variables)
      expect(Object.values(data)).toEqual(ids.map((id) => ({ record: { id } })))
    })
    expect(calls.DYNAMICS).toHaveLength(1)
    expect(calls.SALESFORCE).toEqual([])
  })
})

describe('only what is selected is asked of the CRM', () => {
  const ask = (selection: string) =>
    callsOf(() =>
      gateway.execute(
        `query ($phone: String!) {
          searchRecords(input: { phone: $phone }) { ... on SearchRecordsSuccess { hits { record { ${selection} } } } }
        }`,
        { phone },
      ),
    )

  it('a name needs the name, and what the match is decided by', async () => {
    const calls = await ask('name')
    const dynamics = columnsOf(calls.DYNAMICS)
    expect(Object.keys(dynamics).sort()).toEqual(['accounts', 'contacts', 'leads'])
    expect(dynamics['contacts']).toContain('fullname')
    const salesforce = columnsOf(calls.SALESFORCE)
    expect(Object.keys(salesforce).sort()).toEqual(['Account', 'Contact', 'Lead'])
    expect(salesforce['Lead']).toContain('Name')
    const unselected = /description|createdon|modifiedon|company|status|CreatedDate|LastModifiedDate|AccountNumber/i
    const all = [...Object.values(dynamics), ...Object.values(salesforce)].flat()
    expect(all.filter((column) => unselected.test(column))).toEqual([])
    expect(all).not.toContain('emailaddress1')
    expect(all).not.toContain('Email')
  })

  it('each further field adds its own columns, in the entity types that have it', async () => {
    const before = await ask('name')
    const after = await ask('name createdAt ... on Lead { company status } ... on Account { accountNumber }')
    for (const [provider, table, added] of [
      ['DYNAMICS', 'leads', ['companyname', 'createdon', 'statuscode']],
      ['DYNAMICS', 'accounts', ['accountnumber', 'createdon']],
      ['DYNAMICS', 'contacts', ['createdon']],
      ['SALESFORCE', 'Lead', ['Company', 'CreatedDate', 'Status']],
      ['SALESFORCE', 'Account', ['AccountNumber', 'CreatedDate']],
      ['SALESFORCE', 'Contact', ['CreatedDate']],
    ] as const) {
      const known = columnsOf(before[provider])[table] ?? []
      const columns = columnsOf(after[provider])[table] ?? []
      expect(columns.filter((column) => !known.includes(column)).sort(), `${provider} ${table}`).toEqual(added)
    }
  })
})

describe('the database', () => {
  it('is not asked by a warm search, by opening a record, or by node', async () => {
    const [id = ''] = await findContacts('SALESFORCE', 1)
    const operations = [
      () => searchRecords(gateway, { phone }),
      () =>
        gateway.execute('query ($id: ID!) { record(id: $id) { ... on RecordSuccess { record { name } } } }', { id }),
      () => gateway.execute('query ($id: ID!) { node(id: $id) { ... on Contact { name } } }', { id }),
      () => gateway.execute('{ integrations { name entityTypes { displayName } } viewer { workspace { name } } }'),
    ]
    for (const operation of operations) {
      await operation()
      // The bus looks for events now and then; what an operation asks, it asks every time.
      const counts = []
      for (let run = 0; run < 5; run += 1) counts.push(await gateway.countDatabaseCalls(operation))
      expect(Math.min(...counts), String(operation)).toBe(0)
    }
  })

  it('is asked where a conversation has to be read', async () => {
    const operation = () => gateway.execute('{ conversations { edges { node { id } } } }')
    expect(await gateway.countDatabaseCalls(operation)).toBeGreaterThan(0)
  })
})
