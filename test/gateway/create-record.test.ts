import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { createRecord, formOf, personFields, valuesOf } from './creating.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { entityTypeOf, type Org, orgsOf, type Provider, providers } from './searching.ts'

let gateway: RunningGateway
let orgs: Record<Provider, Org>

beforeAll(async () => {
  gateway = await startGateway()
  orgs = await orgsOf(gateway)
})
afterAll(() => gateway.stop())

const freshEmail = () => `made-${randomUUID().slice(0, 8)}@people.example`

describe('the form shows the built-in fields, and demands what the CRM demands', () => {
  it.each([
    ['DYNAMICS', 'ACCOUNT', ['name*', 'accountnumber', 'telephone1', 'description']],
    ['DYNAMICS', 'CONTACT', ['firstname', 'lastname*', 'telephone1', 'emailaddress1']],
    ['DYNAMICS', 'LEAD', ['firstname', 'lastname*', 'telephone1', 'emailaddress1', 'companyname']],
    ['SALESFORCE', 'ACCOUNT', ['Name*', 'AccountNumber', 'Phone']],
    ['SALESFORCE', 'CONTACT', ['FirstName', 'LastName*', 'Phone', 'Email']],
    ['SALESFORCE', 'LEAD', ['FirstName', 'LastName*', 'Phone', 'Email', 'Company']],
  ] as const)('%s %s', async (provider, kind, expected) => {
    const { fields, submitLabel, notes } = await formOf(gateway, orgs[provider], kind)
    expect(fields.map(({ name, required }) => (required ? `${name}*` : name))).toEqual(expected)
    expect(new Set(fields.map((field) => field.group))).toEqual(new Set(['DEFAULT']))
    expect(submitLabel).toBe(`Save ${kind[0]}${kind.slice(1).toLowerCase()}`)
    expect(notes).toEqual([])
  })

  it('A-48: a Salesforce org without person accounts has no account e-mail; the form says that it is left out', async () => {
    const other = await startGateway()
    try {
      await other.crm.salesforce.setSwitches({ personAccountsOff: true })
      const { SALESFORCE } = await orgsOf(other)
      // What connecting has read of the org is old by now.
      const { integrations } = other.gateway.services
      await integrations.describe(other.workspaceId, lookUpId('Integration', SALESFORCE.id), 'Account', { fresh: true })
      const account = await formOf(other, SALESFORCE, 'ACCOUNT')
      expect(account.fields.map((field) => field.name)).not.toContain('PersonEmail')
      expect(account.notes.join()).toMatch(/Email is left out: .* no e-mail field/)
    } finally {
      await other.stop()
    }
  })
})

describe.each(providers)('a record in %s', (provider) => {
  const names = personFields[provider]
  const control = () => gateway.crm[provider === 'DYNAMICS' ? 'dynamics' : 'salesforce']
  const table = provider === 'DYNAMICS' ? 'contact' : 'Contact'
  const create = (input: object, bearer?: string) => createRecord(gateway, orgs[provider], 'CONTACT', input, bearer)
  const held = (email: string) => control().records(table, { [names.email]: email })

  afterEach(() => control().clearFaults())

  it('is made with what was given, and answered as the CRM holds it, with an address that opens', async () => {
    const email = freshEmail()
    const values = valuesOf(provider, { first: 'Edith', last: "O'Clarke", email, phone: '+1 512 555 0111' })
    const { record, tag, warnings } = await create({ values })
    expect(record).toMatchObject({ name: "Edith O'Clarke" })
    expect({ tag, warnings }).toEqual({ tag: null, warnings: [] })
    expect(await held(email)).toMatchObject([{ [names.last]: "O'Clarke", [names.phone]: '+1 512 555 0111' }])
    const page = await fetch(record?.url ?? '')
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('Clarke')
  })

  it('takes values by the ids of the form as well as by names', async () => {
    const email = freshEmail()
    const { fields } = await formOf(gateway, orgs[provider], 'CONTACT')
    const idOf = (name: string) => fields.find((field) => field.name === name)?.id
    const values = [
      { fieldId: idOf(names.last), value: 'Byid' },
      { fieldId: idOf(names.email), value: email },
    ]
    expect((await create({ values })).record?.name).toBe('Byid')
    expect(await held(email)).toHaveLength(1)
  })

  it('every fault of the form is named by its path, all at once, and the CRM is not asked', async () => {
    await formOf(gateway, orgs[provider], 'CONTACT')
    await control().clearCalls()
    const { fields = [], ...refused } = await create({
      values: [
        { name: names.email, value: 'no address' },
        { name: names.first, value: 'x'.repeat(300) },
        { name: names.phone, value: '1' },
        { name: names.phone, value: '2' },
        { name: 'nonsense', value: 'x' },
      ],
    })
    expect(refused).toMatchObject({ __typename: 'ValidationError', code: 'VALIDATION' })
    expect(fields.map(({ path }) => path)).toEqual([
      ['input', 'values', '0', names.email],
      ['input', 'values', '1', names.first],
      ['input', 'values', '3', names.phone],
      ['input', 'values', '4', 'nonsense'],
      ['input', 'values', names.last],
    ])
    for (const { message } of fields) expect(message).toMatch(/^[A-Z].*\.$/)
    expect(await control().calls()).toEqual([])
  })

  it('a blank where the CRM demands a value is no value', async () => {
    const { fields } = await create({ values: valuesOf(provider, { first: 'Ada', last: '   ' }) })
    expect(fields).toEqual([{ path: ['input', 'values', '1', names.last], message: 'Last Name is required.' }])
  })

  it('that the CRM refuses is a ProviderError with its code, and nothing is made', async () => {
    const refusals = {
      DYNAMICS: {
        status: 403,
        body: { error: { code: '0x80040220', message: 'SecLib::AccessCheckEx failed for owner 4711' } },
      },
      SALESFORCE: {
        status: 400,
        body: [{ errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY', message: 'no rights on 4711', fields: [] }],
      },
    }
    const email = freshEmail()
    await control().addFault(
      { path: '[Cc]ontact', method: provider === 'DYNAMICS' ? 'PATCH' : 'POST' },
      refusals[provider],
    )
    const refused = await create({ values: valuesOf(provider, { last: 'Refused', email }) })
    expect(refused).toMatchObject({
      __typename: 'ProviderError',
      code: 'CRM_FORBIDDEN',
      provider,
      providerCode: provider === 'DYNAMICS' ? '0x80040220' : 'INSUFFICIENT_ACCESS_OR_READONLY',
    })
    expect(refused.message).not.toMatch(/4711/)
    expect(await held(email)).toEqual([])
  })

  it('that looks like another is a DuplicateError with the candidates; insisting makes it', async () => {
    const email = freshEmail()
    const values = valuesOf(provider, { first: 'Twin', last: 'Like', email })
    const first = await create({ values })
    const idempotencyKey = randomUUID()
    const second = await create({ values, idempotencyKey })
    expect(second).toMatchObject({
      __typename: 'DuplicateError',
      code: 'DUPLICATE',
      duplicates: [{ name: 'Twin Like', remoteId: first.record?.remoteId, entityName: table }],
    })
    expect(await held(email)).toHaveLength(1)
    const insisted = await create({ values, allowDuplicate: true, idempotencyKey })
    expect(insisted.record?.remoteId).not.toBe(first.record?.remoteId)
    expect(await held(email)).toHaveLength(2)
  })

  it('that was made but cannot be read back is a success, shown as it was written', async () => {
    const email = freshEmail()
    const isRead = { path: '[Cc]ontact', method: 'GET', times: 10 } as const
    await control().addFault(isRead, { status: 503, body: 'Down' })
    const made = await create({ values: valuesOf(provider, { first: 'Written', last: 'Only', email }) })
    await control().clearFaults()
    expect(made).toMatchObject({ __typename: 'CreateRecordSuccess', record: { name: 'Written Only' } })
    expect(await held(email)).toMatchObject([{}])
  })

  describe('with an idempotency key', () => {
    it('sent twice is one record, answered twice', async () => {
      const email = freshEmail()
      const input = { values: valuesOf(provider, { last: 'Once', email }), idempotencyKey: randomUUID() }
      const first = await create(input)
      const second = await create(input)
      expect(first.record?.name).toBe('Once')
      expect(second).toEqual(first)
      expect(await held(email)).toHaveLength(1)
    })

    it('sent five times at once is one record', async () => {
      const email = freshEmail()
      const input = { values: valuesOf(provider, { last: 'Atonce', email }), idempotencyKey: randomUUID() }
      const made = await Promise.all(Array.from({ length: 5 }, () => create(input)))
      expect(await held(email)).toHaveLength(1)
      expect(new Set(made.map(({ __typename, record }) => `${__typename} ${record?.remoteId}`)).size).toBe(1)
      expect(made[0]?.__typename).toBe('CreateRecordSuccess')
    })

    it.each(['BEFORE', 'AFTER'] as const)(
      'sent again after the connection broke %s the work is one record',
      async (drop) => {
        const email = freshEmail()
        const input = { values: valuesOf(provider, { last: 'Dropped', email }), idempotencyKey: randomUUID() }
        const method = provider === 'DYNAMICS' ? 'PATCH' : 'POST'
        await control().addFault({ path: '[Cc]ontact', method }, { drop })
        expect(await create(input)).toMatchObject({ __typename: 'ProviderError', code: 'CRM_UNAVAILABLE' })
        expect(await held(email)).toHaveLength(drop === 'AFTER' ? 1 : 0)
        expect((await create(input)).record?.name).toBe('Dropped')
        expect(await held(email)).toHaveLength(1)
      },
    )

    it('and another input is IDEMPOTENCY_CONFLICT, and nothing is made', async () => {
      const email = freshEmail()
      const idempotencyKey = randomUUID()
      await create({ values: valuesOf(provider, { last: 'First' }), idempotencyKey })
      const other = await create({ values: valuesOf(provider, { last: 'Second', email }), idempotencyKey })
      expect(other).toMatchObject({ __typename: 'ConflictError', code: 'IDEMPOTENCY_CONFLICT' })
      expect(await held(email)).toEqual([])
    })
  })
})

it('forged integrations, entity types and conversations make nothing', async () => {
  const forged = (type: string) => Buffer.from(`${type}:forged`).toString('base64')
  const values = valuesOf('DYNAMICS', { last: 'Forged' })
  for (const input of [
    { integrationId: forged('Integration') },
    { entityTypeId: forged('EntityType') },
    { entityTypeId: entityTypeOf(orgs.SALESFORCE, 'CONTACT') },
    { conversationId: forged('Conversation') },
  ]) {
    expect(await createRecord(gateway, orgs.DYNAMICS, 'CONTACT', { values, ...input })).toMatchObject({
      __typename: 'NotFoundError',
    })
  }
  expect(await gateway.crm.dynamics.records('contact', { lastname: 'Forged' })).toEqual([])
})
