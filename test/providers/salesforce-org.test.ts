/** What only Salesforce has: person accounts, orgs without a key field, an API that is off, names that go stale. */
import { createControl } from '@backchannel/emulator'
import {
  type CrmProvider,
  createHttpClient,
  type FieldValue,
  type HttpClient,
  type ProviderPorts,
  type SearchRequest,
  type StoredTokens,
} from '@backchannel/providers'
import type { OrgNetwork, ProviderUnderTest } from '@backchannel/providers/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { emulatedSalesforce } from './emulated-org.ts'

let org: ProviderUnderTest
let network: OrgNetwork
let http: HttpClient
let control: ReturnType<typeof createControl>
let tokens: StoredTokens | null
let provider: CrmProvider

beforeAll(async () => {
  org = await emulatedSalesforce()
  if (org.network === null) throw new Error('The emulated org is reached over a network.')
  network = org.network
  http = createHttpClient({ allowedHosts: network.allowedHosts })
  control = createControl(`http://${network.allowedHosts[0]}`)
})

afterAll(async () => {
  await http.close()
  await org.close?.()
})

/** A provider that knows nothing of the org yet, which is as it was seeded. */
beforeEach(async () => {
  await control.reset()
  tokens = await network.signIn(http)
  provider = open()
})

function open(): CrmProvider {
  const ports: ProviderPorts = {
    http,
    tokens: {
      read: () => Promise.resolve(tokens),
      replace(next) {
        tokens = next
        return Promise.resolve()
      },
      withLock: (work) => work(),
    },
    now: Date.now,
  }
  return org.create(ports)
}

const text = (name: string, value: string): FieldValue => ({ name, type: 'TEXT', value, values: null, reference: null })
const key = () => crypto.randomUUID()
const accounts: SearchRequest['targets'] = [
  { entityName: 'Account', kind: 'ACCOUNT', selection: { attributes: ['phone', 'email'], fields: [] } },
]
const search = (by: SearchRequest['by'], targets = accounts) =>
  provider.searchRecords({ by, targets, first: 10, region: 'US' })

describe('person accounts', () => {
  const person = (kind: 'PERSON' | 'BUSINESS') =>
    provider.createRecord({
      entityName: 'Account',
      kind: 'ACCOUNT',
      accountKind: kind,
      values: [
        ...(kind === 'PERSON' ? [text('FirstName', 'Nuala'), text('LastName', "O'Quill")] : []),
        text('Name', 'Quill Works'),
        text('PersonEmail', 'nuala@quill.example'),
        text('PersonMobilePhone', '(907) 555-0111'),
      ].filter(({ name }) => kind === 'PERSON' || name !== 'PersonMobilePhone'),
      key: key(),
      allowDuplicate: false,
    })

  it('A-46: are made with a person record type and found by their own phone and e-mail address', async () => {
    const { remoteId } = await person('PERSON')
    for (const by of [
      { identifier: 'PHONE' as const, value: '+19075550111' },
      { identifier: 'EMAIL' as const, value: 'NUALA@quill.example' },
      { identifier: 'FULL_NAME' as const, value: "Nuala O'Quill" },
    ]) {
      const { targets } = await search([by])
      expect(targets[0]?.matches.map(({ record }) => record)).toEqual([
        expect.objectContaining({
          remoteId,
          name: "Nuala O'Quill",
          isPersonAccount: true,
          phone: '(907) 555-0111',
          email: 'nuala@quill.example',
        }),
      ])
    }
  })

  it('are found once, as accounts, although each has a contact of its own', async () => {
    const { remoteId } = await person('PERSON')
    const contacts: SearchRequest['targets'] = [
      { entityName: 'Contact', kind: 'CONTACT', selection: { attributes: [], fields: [] } },
    ]
    const by: SearchRequest['by'] = [{ identifier: 'FULL_NAME', value: "Nuala O'Quill" }]
    const both = await search(by, [...contacts, ...accounts])
    expect(both.targets.map(({ matches }) => matches.map(({ record }) => record.remoteId))).toEqual([[], [remoteId]])
    const alone = await search(by, contacts)
    expect(alone.targets[0]?.matches).toHaveLength(1)
  })

  it('S-DEF-03: the org offers both kinds, told apart by record type', async () => {
    const described = await provider.describeEntityType('Account')
    expect(described?.recordTypes.map(({ isPerson }) => isPerson).sort()).toEqual([false, true])
  })

  it('A-48: a business account is made of the same form without the person’s e-mail address', async () => {
    const { remoteId } = await person('BUSINESS')
    const [record] = await provider.findRecords('Account', [remoteId], { attributes: ['email'], fields: [] })
    expect(record).toMatchObject({ name: 'Quill Works', isPersonAccount: false, email: null })
  })

  it('S-DEF-02: are refused where the org has none, and searches do without their fields', async () => {
    await control.setSwitches({ personAccountsOff: true })
    await expect(person('PERSON')).rejects.toMatchObject({ code: 'CRM_REJECTED', fields: [{ name: 'RecordTypeId' }] })
    expect((await provider.describeEntityType('Account'))?.recordTypes.some(({ isPerson }) => isPerson)).toBe(false)
    expect(await search([{ identifier: 'EMAIL', value: 'a@b.example' }])).toMatchObject({ matchedBy: null })
  })
})

describe('an org without a key field', () => {
  const draft = async () => ({
    key: key(),
    activityType: { type: 'TASK' as const },
    regarding: await provider.createRecord({
      entityName: 'Contact',
      kind: 'CONTACT',
      values: [text('LastName', 'Weaker')],
      key: key(),
      allowDuplicate: true,
    }),
    subject: 'Alive Chat with Weaker',
    body: 'Hello',
  })

  it('files a conversation once all the same, and says that this is weaker', async () => {
    await control.setSwitches({ noKeyFields: true })
    expect((await provider.capabilities()).keyedActivities).toBe(false)
    const { problems } = await provider.checkCredentials()
    expect(problems).toEqual([{ code: 'NOT_FOUND', message: expect.stringContaining('Backchannel_Key__c') }])

    const filed = await draft()
    const first = await provider.fileActivity(filed)
    const again = await open().fileActivity({ ...filed, body: 'Hello again' })
    expect([first.created, again.created]).toEqual([true, false])
    expect(again.activity).toEqual(first.activity)
    expect(await provider.findActivityByKey({ type: 'TASK' }, filed.key)).toEqual(first.activity)
    expect(await control.records('Task', { CallObject: filed.key })).toHaveLength(1)
  })

  it('with call fields hidden too, keeps the key at the end of the subject, where nobody is shown it', async () => {
    await control.setSwitches({ noKeyFields: true })
    await control.changeMetadata({ entity: 'Task', field: 'CallObject', hide: true })
    const filed = await draft()
    const { activity } = await provider.fileActivity(filed)
    expect(activity.subject).toBe(filed.subject)
    expect((await provider.fileActivity(filed)).created).toBe(false)
    const [row] = await control.records('Task', { Id: activity.remoteId })
    expect(row?.['Subject']).toBe(`${filed.subject} [key:${filed.key}]`)
  })

  it('does not know what became of a conversation whose answer was lost', async () => {
    await control.setSwitches({ noKeyFields: true })
    const filed = await draft()
    await control.addFault({ method: 'POST', path: '/sobjects/Task' }, { drop: 'AFTER' })
    await expect(provider.fileActivity(filed)).rejects.toMatchObject({
      code: 'CRM_OUTCOME_UNKNOWN',
      outcome: 'UNKNOWN',
    })
    expect((await provider.fileActivity(filed)).created).toBe(false)
  })
})

describe('an org that shuts us out', () => {
  it('S-CON-05: says in the fixed words that the API is off', async () => {
    await control.setSwitches({ apiOff: true })
    await expect(provider.checkCredentials()).rejects.toMatchObject({
      code: 'CRM_API_DISABLED',
      message: 'The Rest API is not enabled for this organization',
      advice: expect.stringContaining('API Enabled'),
    })
  })

  it('S-CON-03: says that an admin must approve the app', async () => {
    await control.setSwitches({ appNotApproved: true })
    await control.setSwitches({ expireTokens: true })
    await expect(provider.checkCredentials()).rejects.toMatchObject({
      code: expect.stringMatching(/^CRM_(APP|USER)_NOT_/),
    })
  })

  it('counts the day’s calls and stops when they are used up', async () => {
    await provider.checkCredentials()
    expect(provider.limits()).toMatchObject({
      used: expect.any(Number),
      limit: expect.any(Number),
      throttledUntil: null,
    })
    await control.setSwitches({ quotaExhausted: true })
    await expect(search([{ identifier: 'FULL_NAME', value: 'Ada' }])).rejects.toMatchObject({
      code: 'CRM_QUOTA_EXHAUSTED',
    })
    await control.clearCalls()
    await expect(search([{ identifier: 'FULL_NAME', value: 'Ada' }])).rejects.toMatchObject({
      code: 'CRM_QUOTA_EXHAUSTED',
    })
    expect(await control.calls()).toEqual([])
  })
})

describe('metadata that changes', () => {
  it('a field that was hidden since does not stop a search', async () => {
    const contact = await provider.createRecord({
      entityName: 'Contact',
      kind: 'CONTACT',
      values: [text('LastName', 'Stale'), text('Phone', '+19075550122')],
      key: key(),
      allowDuplicate: true,
    })
    const targets: SearchRequest['targets'] = [
      { entityName: 'Contact', kind: 'CONTACT', selection: { attributes: ['phone'], fields: [] } },
      ...accounts,
    ]
    const by: SearchRequest['by'] = [{ identifier: 'PHONE', value: '+19075550122' }]
    await search(by, targets)
    await control.changeMetadata({ entity: 'Contact', field: 'OtherPhone', hide: true })
    const { targets: found } = await search(by, targets)
    expect(found.flatMap(({ matches }) => matches.map(({ record }) => record.remoteId))).toEqual([contact.remoteId])
  })

  it('a lead shows its company and the label of its status, and fields by name', async () => {
    const lead = await provider.createRecord({
      entityName: 'Lead',
      kind: 'LEAD',
      values: [text('LastName', 'Chrysalis'), text('Company', 'Cocoon')],
      key: key(),
      allowDuplicate: true,
    })
    const leads: SearchRequest['targets'] = [
      { entityName: 'Lead', kind: 'LEAD', selection: { attributes: ['status', 'company'], fields: ['IsConverted'] } },
    ]
    const { targets } = await search([{ identifier: 'FULL_NAME', value: 'chrysalis' }], leads)
    expect(targets[0]?.matches[0]?.record).toMatchObject({
      remoteId: lead.remoteId,
      company: 'Cocoon',
      status: expect.any(String),
      fields: { IsConverted: { value: 'false', raw: false } },
    })
  })

  it('six entity types are two requests, five are one', async () => {
    const six = ['Account', 'Contact', 'Lead', 'Opportunity', 'Case', 'Vehicle__c'].map((entityName) => ({
      entityName,
      kind: entityName === 'Account' ? ('ACCOUNT' as const) : ('CUSTOM' as const),
      selection: { attributes: [], fields: [] },
    }))
    const ask = async (count: number) => {
      await search([{ identifier: 'FULL_NAME', value: 'nobody at all' }], six.slice(0, count))
      await control.clearCalls()
      await search([{ identifier: 'FULL_NAME', value: 'nobody at all' }], six.slice(0, count))
      return (await control.calls()).map(({ operations }) => operations)
    }
    expect(await ask(5)).toEqual([5])
    expect((await ask(6)).sort()).toEqual([1, 5])
  })
})
