/** What only Dataverse orgs do: tables that are not there, metadata that changes, duplicate rules, custom tables. */
import { randomUUID } from 'node:crypto'
import { dynamicsDemo } from '@backchannel/emulator'
import { type CrmProvider, createProvider, type SearchBy } from '@backchannel/providers'
import { createMemoryTokenStore } from '@backchannel/providers/testing'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { field, openDynamicsOrg, target } from './dynamics-org.ts'

const org = await openDynamicsOrg()
const { control, config, http, create, search, dataCalls } = org
let provider: CrmProvider
beforeEach(async () => {
  provider = await org.renew()
})
afterAll(() => org.close())

const ada: SearchBy = { identifier: 'PHONE', value: '+15125550143' }

describe('the first search of a new provider', () => {
  test('is one data request of three parts for accounts, contacts and leads', async () => {
    const result = await search([ada], [target('ACCOUNT'), target('CONTACT'), target('LEAD')])
    expect(result.matchedBy).toBe('PHONE')
    expect((await dataCalls()).map(({ method, operations }) => [method, operations])).toEqual([['POST', 3]])
  })
})

describe('an org whose batches are slow', () => {
  test('B2: is asked side by side once that was measured', async () => {
    await provider.checkCredentials()
    await control.setLatency({ ms: 5, perPartMs: 40 })
    const three = [target('ACCOUNT'), target('CONTACT'), target('LEAD')]
    const people = Array.from({ length: 8 }, (_, i): SearchBy => ({ identifier: 'EMAIL', value: `p${i}@x.example` }))
    await Promise.all(people.map((one) => search([one], [target('CONTACT')])))
    await Promise.all(people.map((one) => search([one], three)))
    await control.clearCalls()
    expect((await search([ada], three)).matchedBy).toBe('PHONE')
    expect((await dataCalls()).map(({ method }) => method)).toEqual(['GET', 'GET', 'GET'])
  })
})

describe('an org without the Sales app', () => {
  test('is searched in what it has, and asked for no leads once its tables are known', async () => {
    await control.changeMetadata({ entity: 'lead', hide: true })
    const targets = [target('CONTACT'), target('LEAD')]
    expect((await search([ada], targets)).targets.map(({ matches }) => matches.length > 0)).toEqual([true, false])
    expect((await provider.listEntityTypes()).map(({ name }) => name)).not.toContain('lead')
    await control.clearCalls()
    expect((await search([ada], targets)).matchedBy).toBe('PHONE')
    expect((await dataCalls()).map(({ method, operations }) => [method, operations])).toEqual([['GET', 1]])
    expect((await provider.checkCredentials()).problems).toEqual([])
  })
})

describe('metadata', () => {
  test('of a field that was deleted is refused by name, and right again at the next call', async () => {
    const selection = { attributes: [], fields: ['jobtitle'] } as const
    const targets = [{ ...target('CONTACT'), selection }]
    await search([ada], targets)
    await control.changeMetadata({ entity: 'contact', field: 'jobtitle', hide: true })
    const refused = { code: 'CRM_REJECTED', fields: [{ name: 'jobtitle' }] }
    await expect(search([ada], targets)).rejects.toMatchObject(refused)
    expect((await provider.describeEntityType('contact'))?.fields.map(({ name }) => name)).not.toContain('jobtitle')
  })

  test('that has grown old answers at once and is asked again behind the caller', async () => {
    await provider.describeEntityType('contact')
    await control.changeMetadata({ entity: 'contact', field: 'jobtitle', set: { maxLength: 33 } })
    const lengthOf = async () =>
      (await provider.describeEntityType('contact'))?.fields.find(({ name }) => name === 'jobtitle')?.maxLength
    expect(await lengthOf()).toBe(100)
    org.passTime(11 * 60_000)
    await expect.poll(lengthOf).toBe(33)
  })
})

describe('duplicate rules', () => {
  test('name the record that is there already, and let one insist', async () => {
    const values = [field('lastname', 'TEXT', 'Twin'), field('emailaddress1', 'EMAIL', "t'win@people.example")]
    const first = await create('contact', values)
    await expect(create('contact', values)).rejects.toMatchObject({
      code: 'DUPLICATE',
      canInsist: true,
      duplicates: [{ entityName: 'contact', remoteId: first.remoteId, name: 'Twin' }],
    })
    expect((await create('contact', values, true)).remoteId).not.toBe(first.remoteId)
  })

  test('that compare the whole name name who has it', async () => {
    await control.changeMetadata({ entity: 'contact', set: { duplicateField: 'fullname' } })
    const values = [field('firstname', 'TEXT', 'Zoë'), field('lastname', 'TEXT', "O'Twin")]
    const first = await create('contact', values)
    await expect(create('contact', values)).rejects.toMatchObject({
      code: 'DUPLICATE',
      duplicates: [{ entityName: 'contact', remoteId: first.remoteId, name: "Zoë O'Twin" }],
    })
  })
})

describe('a custom table', () => {
  test('D-ENT-02: is created with a lookup by its own mixed-case property, found by name and phone, and read', async () => {
    const owner = await create('contact', [field('firstname', 'TEXT', 'Zoë'), field('lastname', 'TEXT', 'Okafor')])
    const vehicle = await create('new_vehicle', [
      field('new_name', 'TEXT', 'Blue van'),
      field('new_phone', 'PHONE', '(907) 555 0199'),
      field('new_contact', 'LOOKUP', null, owner),
    ])
    const selection = { attributes: ['phone'], fields: ['new_contact'] } as const
    const targets = [{ entityName: 'new_vehicle', kind: 'CUSTOM', selection, primaryField: 'new_name' } as const]
    for (const by of [
      { identifier: 'FULL_NAME', value: 'blue VAN' },
      { identifier: 'PHONE', value: '+19075550199' },
    ] as const) {
      const [found] = (await search([by], targets)).targets
      expect(found?.matches[0]?.record).toMatchObject({
        remoteId: vehicle.remoteId,
        name: 'Blue van',
        phone: '(907) 555 0199',
        fields: { new_contact: { value: 'Zoë Okafor', reference: { ...owner, name: 'Zoë Okafor' } } },
      })
    }
    await provider.updateRecord(vehicle, { values: [field('new_contact', 'LOOKUP', null)] })
    const [cleared] = await provider.findRecords('new_vehicle', [vehicle.remoteId], selection)
    expect(cleared?.fields['new_contact']?.reference).toBeNull()
  })

  test('D-SAV-01: takes a transcript as a custom activity, tied by the name that the org gives', async () => {
    const regarding = await create('new_vehicle', [field('new_name', 'TEXT', 'Red van')])
    const activityType = { type: 'CUSTOM', entityName: 'new_chatsession' } as const
    const draft = { key: randomUUID(), activityType, regarding, subject: 'Chat', body: 'Ann: hello' }
    expect(await provider.fileActivity(draft)).toMatchObject({ created: true, activity: { body: 'Ann: hello' } })
    const [row] = await control.records('new_chatsession', { activityid: draft.key })
    expect(JSON.stringify(row)).toContain(regarding.remoteId)
  })

  test('that takes no activities refuses them by the name of the property', async () => {
    const regarding = await create('new_vehicle', [field('new_name', 'TEXT', 'Green van')])
    await control.changeMetadata({ entity: 'new_vehicle', set: { hasActivities: false } })
    const draft = { key: randomUUID(), activityType: { type: 'TASK' }, regarding, subject: 'Chat', body: 'x' } as const
    await expect(provider.fileActivity(draft)).rejects.toMatchObject({ code: 'CRM_REJECTED', outcome: 'NOT_APPLIED' })
    expect(await control.records('task', { activityid: draft.key })).toEqual([])
  })
})

describe('access', () => {
  test('without an application user says what an admin must do', async () => {
    await control.setSwitches({ noApplicationUser: true })
    await expect(provider.checkCredentials()).rejects.toMatchObject({
      code: 'CRM_USER_NOT_PERMITTED',
      providerCode: '0x80072560',
      message: expect.stringContaining('application user'),
    })
  })

  test('with an expired secret says so', async () => {
    const expired = createProvider(
      'DYNAMICS',
      { ...config, clientSecret: dynamicsDemo.expiredClientSecret },
      { http, tokens: createMemoryTokenStore(), now: Date.now },
    )
    await expect(expired.checkCredentials()).rejects.toMatchObject({
      code: 'CRM_CREDENTIALS_INVALID',
      providerCode: 'AADSTS7000222',
    })
  })

  test('to another tenant or app is told apart', async () => {
    const codeOf = async (wrong: { tenantId: string } | { clientId: string }) => {
      const other = createProvider(
        'DYNAMICS',
        { ...config, ...wrong },
        { http, tokens: createMemoryTokenStore(), now: Date.now },
      )
      return other.checkCredentials().catch((error: { providerCode?: string }) => error.providerCode)
    }
    expect(await codeOf({ tenantId: 'nowhere.example' })).toBe('AADSTS90002')
    expect(await codeOf({ clientId: randomUUID() })).toBe('AADSTS700016')
  })
})
