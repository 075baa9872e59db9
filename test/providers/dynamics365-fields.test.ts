/** Fields of a Dataverse org, of every type: written, searched, gone or changed since they were read. */
import { randomUUID } from 'node:crypto'
import type {
  CrmProvider,
  FieldType,
  FieldValue,
  RemoteReference,
  SearchBy,
  SearchTarget,
} from '@backchannel/providers'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { field, openDynamicsOrg, target } from './dynamics-org.ts'

const org = await openDynamicsOrg()
const { control, create, search, dataCalls } = org
let provider: CrmProvider
beforeEach(async () => {
  provider = await org.renew()
})
afterAll(() => org.close())

const ada: SearchBy = { identifier: 'PHONE', value: '+15125550143' }

describe('fields of an account', () => {
  const everyType = (owner: RemoteReference): FieldValue[] => [
    field('revenue', 'CURRENCY', '500.25'),
    field('numberofemployees', 'WHOLE_NUMBER', '42'),
    field('new_customersince', 'DATE', '2024-01-31'),
    field('lastonholdtime', 'DATE_TIME', '2024-01-31T11:00:00+01:00'),
    field('donotemail', 'TWO_OPTIONS', 'true'),
    field('industrycode', 'OPTION_SET', '7'),
    { ...field('new_interests', 'MULTI_OPTION_SET', null), values: ['9', '2'] },
    field('accountnumber', 'TEXT', 'AC 7'),
    field('statuscode', 'STATUS_REASON', '100000001'),
    field('primarycontactid', 'LOOKUP', null, owner),
  ]
  const stored = (owner: RemoteReference) => ({
    revenue: 500.25,
    numberofemployees: 42,
    new_customersince: '2024-01-31',
    lastonholdtime: '2024-01-31T10:00:00Z',
    donotemail: true,
    industrycode: 7,
    new_interests: '2,9',
    accountnumber: 'AC 7',
    statecode: 0,
    statuscode: 100000001,
    _primarycontactid_value: owner.remoteId,
  })

  test('of every type that a setting may have reach the CRM in its own form, on create and on update', async () => {
    const owner = await create('contact', [field('lastname', 'TEXT', 'Owner')], true)
    const made = await create('account', [field('name', 'TEXT', 'Made'), ...everyType(owner)])
    const changed = await create('account', [field('name', 'TEXT', 'Changed')])
    await provider.updateRecord(changed, { values: everyType(owner) })
    for (const { remoteId } of [made, changed]) {
      expect(await control.records('account', { accountid: remoteId })).toMatchObject([stored(owner)])
    }
  })

  test('a status reason brings its state, though a row begins in its first one', async () => {
    const closed = [field('statuscode', 'STATUS_REASON', '100000002')]
    const made = await create('account', [field('name', 'TEXT', 'Gone'), ...closed])
    const changed = await create('account', [field('name', 'TEXT', 'Going')])
    await provider.updateRecord(changed, { values: closed })
    for (const { remoteId } of [made, changed]) {
      expect(await control.records('account', { accountid: remoteId })).toMatchObject([
        { statecode: 1, statuscode: 100000002 },
      ])
    }
    await provider.updateRecord(changed, { values: [field('statuscode', 'STATUS_REASON', '1')] })
    expect(await control.records('account', { accountid: changed.remoteId })).toMatchObject([{ statecode: 0 }])
  })

  test('a status reason that the org takes only by an action is refused, and the record is not denied', async () => {
    const values = [field('lastname', 'TEXT', 'Q'), field('statuscode', 'STATUS_REASON', '3')]
    await expect(create('lead', values)).rejects.toMatchObject({ code: 'CRM_REJECTED', outcome: 'UNKNOWN' })
  })

  test('an option that the org has not is refused, and what we know of options is doubted', async () => {
    const values = [field('name', 'TEXT', 'X'), field('industrycode', 'OPTION_SET', '4711')]
    await expect(create('account', values)).rejects.toMatchObject({
      code: 'CRM_REJECTED',
      fields: [{ name: 'industrycode' }],
      metadataDoubtful: true,
    })
  })
})

describe('a search of fields', () => {
  const condition = (name: string, type: FieldType, value: string, relatedEntity: string | null = null) => ({
    name,
    type,
    value,
    relatedEntity,
  })

  test('goes through all tables in one batch, each with fields of its own', async () => {
    const account = await create('account', [field('name', 'TEXT', 'Rich'), field('revenue', 'CURRENCY', '987654')])
    const contact = await create('contact', [
      field('lastname', 'TEXT', 'Rich'),
      field('annualincome', 'CURRENCY', '987654'),
    ])
    const targets: SearchTarget[] = [
      { ...target('ACCOUNT'), termFields: [{ name: 'revenue', type: 'CURRENCY' }] },
      { ...target('CONTACT'), termFields: [{ name: 'annualincome', type: 'CURRENCY' }] },
      target('LEAD'),
    ]
    const term: SearchBy = { identifier: 'TERM', value: '987654' }
    await search([term], targets)
    await control.clearCalls()
    const result = await search([term], targets)
    expect(result.targets.map(({ matches }) => matches.map(({ record, field: by }) => [record.remoteId, by]))).toEqual([
      [[account.remoteId, 'revenue']],
      [[contact.remoteId, 'annualincome']],
      [],
    ])
    expect((await dataCalls()).map(({ method, operations }) => [method, operations])).toEqual([['POST', 3]])
  })

  test('takes numbers below nothing and moments as what they are', async () => {
    await control.changeMetadata({ entity: 'account', field: 'creditlimit', set: { min: -1_000 } })
    const made = await create('account', [
      field('name', 'TEXT', 'Signs'),
      field('creditlimit', 'CURRENCY', '-12.5'),
      field('lastonholdtime', 'DATE_TIME', '2024-01-31T23:30:00Z'),
    ])
    for (const value of [
      condition('creditlimit', 'CURRENCY', '-12.50'),
      condition('lastonholdtime', 'DATE_TIME', '2024-02-01T00:30:00+01:00'),
      condition('lastonholdtime', 'DATE_TIME', '2024-01-31'),
      condition('statuscode', 'STATUS_REASON', 'active'),
    ]) {
      const values = [condition('name', 'TEXT', 'Signs'), value]
      const [found] = (await search([], [{ ...target('ACCOUNT'), values }])).targets
      expect([value.name, found?.matches.map(({ record }) => record.remoteId)]).toEqual([value.name, [made.remoteId]])
    }
  })

  test('knows a lookup by the name of either kind of row that it points to, or of one kind only', async () => {
    const account = await create('account', [field('name', 'TEXT', 'Twofold')])
    const person = await create('contact', [field('lastname', 'TEXT', 'Twofold')])
    const [ofAccount, ofPerson] = [
      await create('contact', [field('lastname', 'TEXT', 'A'), field('parentcustomerid', 'LOOKUP', null, account)]),
      await create('contact', [field('lastname', 'TEXT', 'B'), field('parentcustomerid', 'LOOKUP', null, person)]),
    ]
    const found = async (relatedEntity: string | null) => {
      const values = [condition('parentcustomerid', 'LOOKUP', 'twofold', relatedEntity)]
      const { targets } = await search([], [{ ...target('CONTACT'), values }])
      return targets[0]?.matches.map(({ record }) => record.remoteId).toSorted()
    }
    expect(await found(null)).toEqual([ofAccount.remoteId, ofPerson.remoteId].toSorted())
    expect(await found('account')).toEqual([ofAccount.remoteId])
    expect(await found('contact')).toEqual([ofPerson.remoteId])
  })

  test('finds opportunities, which no search knows by itself', async () => {
    const made = await create('opportunity', [
      field('name', 'TEXT', 'Fifty engines'),
      field('opportunityratingcode', 'OPTION_SET', '1'),
    ])
    const target = {
      entityName: 'opportunity',
      kind: 'CUSTOM',
      selection: { attributes: ['status'], fields: ['opportunityratingcode'] },
      primaryField: 'name',
      termFields: [{ name: 'opportunityratingcode', type: 'OPTION_SET' }],
    } as const
    for (const value of ['fifty', 'hot']) {
      const [found] = (await search([{ identifier: 'TERM', value }], [target])).targets
      expect(found?.matches.map(({ record }) => record)).toMatchObject([
        { remoteId: made.remoteId, name: 'Fifty engines', fields: { opportunityratingcode: { value: 'Hot' } } },
      ])
    }
  })

  test('in an org without the Sales app passes over leads, whatever of them is asked for', async () => {
    await control.changeMetadata({ entity: 'lead', hide: true })
    const leads: SearchTarget = {
      ...target('LEAD'),
      selection: { attributes: [], fields: ['companyname'] },
      filters: [condition('companyname', 'TEXT', 'Acme')],
    }
    const { targets } = await search([ada], [target('CONTACT'), leads])
    expect(targets.map(({ matches }) => matches.length > 0)).toEqual([true, false])
  })

  const searchable = ['jobtitle', 'employeeid', 'birthdate', 'gendercode', 'donotphone', 'creditlimit', 'new_interests']

  test.each(searchable.flatMap((name) => [{ name, hide: true } as const, { name, hide: false } as const]))(
    'of which $name is gone (hide: $hide) or of another type is right at the second try',
    async ({ name, hide }) => {
      // What may be asked of every type: a text, a number, an option, yes or no, a day.
      const terms = ['engineer', '500', 'music', 'yes', '2024-01-31', '2']
      const plan = async (fresh: boolean): Promise<SearchTarget> => {
        const described = await provider.describeEntityType('contact', { fresh })
        const termFields = (described?.fields ?? []).filter((one) => searchable.includes(one.name))
        return { ...target('CONTACT'), termFields }
      }
      const run = async (value: string, fresh: boolean) => search([{ identifier: 'TERM', value }], [await plan(fresh)])
      await run('engineer', false)
      const set =
        name === 'jobtitle' || name === 'employeeid'
          ? { type: 'Integer', min: 0, max: 9 }
          : { type: 'String', maxLength: 99 }
      await control.changeMetadata({ entity: 'contact', field: name, ...(hide ? { hide } : { set }) })
      const outcomes = new Set<string>()
      for (const value of terms) {
        const outcome = await run(value, false).then(
          () => 'found',
          (error: unknown) => {
            expect(error).toMatchObject({ code: 'CRM_REJECTED', outcome: 'NOT_APPLIED', metadataDoubtful: true })
            return 'doubted'
          },
        )
        outcomes.add(outcome)
        if (outcome === 'doubted') await run(value, true)
      }
      expect(outcomes).toContain('doubted')
      expect((await plan(false)).termFields?.map((one) => one.name).includes(name)).toBe(!hide)
    },
  )
})

describe('metadata that is doubted', () => {
  test('is asked anew: a table that somebody has added since is there', async () => {
    await control.changeMetadata({ entity: 'new_vehicle', hide: true })
    expect(await provider.describeEntityType('new_vehicle')).toBeNull()
    expect((await provider.listEntityTypes()).map(({ name }) => name)).not.toContain('new_vehicle')
    await control.reset()
    expect(await provider.describeEntityType('new_vehicle')).toBeNull()
    expect(await provider.describeEntityType('new_vehicle', { fresh: true })).toMatchObject({ name: 'new_vehicle' })
    expect((await provider.listEntityTypes()).map(({ name }) => name)).toContain('new_vehicle')
  })

  test('after a refused write, where a field was deleted that we still know', async () => {
    const write = () => create('contact', [field('lastname', 'TEXT', 'X'), field('jobtitle', 'TEXT', 'Engineer')], true)
    await write()
    await control.changeMetadata({ entity: 'contact', field: 'jobtitle', hide: true })
    await expect(write()).rejects.toMatchObject({
      code: 'CRM_REJECTED',
      outcome: 'NOT_APPLIED',
      fields: [{ name: 'jobtitle' }],
      metadataDoubtful: true,
    })
    expect((await provider.describeEntityType('contact'))?.fields.map(({ name }) => name)).not.toContain('jobtitle')
  })
})

describe('a custom activity', () => {
  const activityType = { type: 'CUSTOM', entityName: 'new_chatsession' } as const
  const draft = async () => {
    const regarding = await create('contact', [field('lastname', 'TEXT', 'Regarding')], true)
    return { key: randomUUID(), activityType, regarding, subject: 'Chat', body: 'Ann: hello' }
  }

  test('is closed in the state and reason that the org calls completed', async () => {
    const given = await draft()
    await provider.fileActivity(given)
    expect(await provider.updateActivity(activityType, given.key, { close: true })).toMatchObject({ closed: true })
    expect(await control.records('new_chatsession', { activityid: given.key })).toMatchObject([
      { statecode: 1, statuscode: 2 },
    ])
  })

  test('without a completed state is filed and changed, but says that it cannot be closed', async () => {
    for (const name of ['statecode', 'statuscode']) {
      await control.changeMetadata({ entity: 'new_chatsession', field: name, hide: true })
    }
    expect(await provider.describeActivityType(activityType)).toMatchObject({ closable: false, bodyMaxLength: 100_000 })
    const given = await draft()
    expect(await provider.fileActivity(given)).toMatchObject({ created: true, activity: { closed: false } })
    const changed = await provider.updateActivity(activityType, given.key, { body: 'Ann: bye' })
    expect(changed.body).toBe('Ann: bye')
    await expect(provider.updateActivity(activityType, given.key, { close: true })).rejects.toMatchObject({
      code: 'CRM_NOT_CLOSABLE',
    })
  })
})
