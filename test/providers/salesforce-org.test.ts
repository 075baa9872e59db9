/** What only Salesforce has: person accounts, orgs without a key field, an API that is off, names that go stale. */
import type { SearchRequest } from '@backchannel/providers'
import { describe, expect, it } from 'vitest'
import { freshKey, openSalesforce, text } from './opened-salesforce.ts'

const org = openSalesforce()

const accounts: SearchRequest['targets'] = [
  { entityName: 'Account', kind: 'ACCOUNT', selection: { attributes: ['phone', 'email'], fields: [] } },
]
const search = (by: SearchRequest['by'], targets = accounts) =>
  org.provider.searchRecords({ by, targets, first: 10, region: 'US' })

describe('person accounts', () => {
  const person = (kind: 'PERSON' | 'BUSINESS') =>
    org.provider.createRecord({
      entityName: 'Account',
      kind: 'ACCOUNT',
      accountKind: kind,
      values: [
        ...(kind === 'PERSON' ? [text('FirstName', 'Nuala'), text('LastName', "O'Quill")] : []),
        text('Name', 'Quill Works'),
        text('PersonEmail', 'nuala@quill.example'),
        text('PersonMobilePhone', '(907) 555-0111'),
      ].filter(({ name }) => kind === 'PERSON' || name !== 'PersonMobilePhone'),
      key: freshKey(),
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
    const described = await org.provider.describeEntityType('Account')
    expect(described?.recordTypes.map(({ isPerson }) => isPerson).sort()).toEqual([false, true])
  })

  it('A-48: a business account is made of the same form without the person’s e-mail address', async () => {
    const { remoteId } = await person('BUSINESS')
    const [record] = await org.provider.findRecords('Account', [remoteId], { attributes: ['email'], fields: [] })
    expect(record).toMatchObject({ name: 'Quill Works', isPersonAccount: false, email: null })
  })

  it('S-DEF-02: are refused where the org has none, and searches do without their fields', async () => {
    await org.control.setSwitches({ personAccountsOff: true })
    await expect(person('PERSON')).rejects.toMatchObject({ code: 'CRM_REJECTED', fields: [{ name: 'RecordTypeId' }] })
    expect((await org.provider.describeEntityType('Account'))?.recordTypes.some(({ isPerson }) => isPerson)).toBe(false)
    expect(await search([{ identifier: 'EMAIL', value: 'a@b.example' }])).toMatchObject({ matchedBy: null })
  })
})

describe('an org without a key field', () => {
  const draft = async () => ({
    key: freshKey(),
    activityType: { type: 'TASK' as const },
    regarding: await org.provider.createRecord({
      entityName: 'Contact',
      kind: 'CONTACT',
      values: [text('LastName', 'Weaker')],
      key: freshKey(),
      allowDuplicate: true,
    }),
    subject: 'Alive Chat with Weaker',
    body: 'Hello',
  })

  it('files a conversation once all the same, and says that this is weaker', async () => {
    await org.control.setSwitches({ noKeyFields: true })
    expect((await org.provider.capabilities()).keyedActivities).toBe(false)
    const { problems } = await org.provider.checkCredentials()
    expect(problems).toEqual([{ code: 'NOT_FOUND', message: expect.stringContaining('Backchannel_Key__c') }])

    const filed = await draft()
    const first = await org.provider.fileActivity(filed)
    const again = await org.another().fileActivity({ ...filed, body: 'Hello again' })
    expect([first.created, again.created]).toEqual([true, false])
    expect(again.activity).toEqual(first.activity)
    expect(await org.provider.findActivityByKey({ type: 'TASK' }, filed.key)).toEqual(first.activity)
    expect(await org.control.records('Task', { CallObject: filed.key })).toHaveLength(1)
  })

  it('goes on filing when the key field goes while we know of it', async () => {
    const filed = await draft()
    const first = await org.provider.fileActivity(filed)
    await org.control.setSwitches({ noKeyFields: true })
    expect(await org.provider.findActivityByKey({ type: 'TASK' }, filed.key)).toBeNull()
    const next = { ...filed, key: freshKey() }
    const second = await org.provider.fileActivity(next)
    expect(second.activity.remoteId).not.toBe(first.activity.remoteId)
    await org.control.setSwitches({ noKeyFields: false })
    const third = { ...filed, key: freshKey() }
    expect([await org.provider.fileActivity(third), await org.provider.fileActivity(third)]).toMatchObject([
      { created: true },
      { created: false },
    ])
    expect(await org.control.records('Task', { CallObject: next.key })).toHaveLength(1)
  })

  it('goes on filing when it goes between two conversations', async () => {
    const filed = await draft()
    await org.provider.fileActivity(filed)
    await org.control.setSwitches({ noKeyFields: true })
    const next = { ...filed, key: freshKey() }
    expect((await org.provider.fileActivity(next)).created).toBe(true)
    expect((await org.provider.fileActivity(next)).created).toBe(false)
  })

  it('with call fields hidden too, keeps the key at the end of the subject, where nobody is shown it', async () => {
    await org.control.setSwitches({ noKeyFields: true })
    await org.control.changeMetadata({ entity: 'Task', field: 'CallObject', hide: true })
    const filed = await draft()
    const { activity } = await org.provider.fileActivity(filed)
    expect(activity.subject).toBe(filed.subject)
    expect((await org.provider.fileActivity(filed)).created).toBe(false)
    const [row] = await org.control.records('Task', { Id: activity.remoteId })
    expect(row?.['Subject']).toBe(`${filed.subject} [key:${filed.key}]`)
  })

  it('does not know what became of a conversation whose answer was lost', async () => {
    await org.control.setSwitches({ noKeyFields: true })
    const filed = await draft()
    await org.control.addFault({ method: 'POST', path: '/sobjects/Task' }, { drop: 'AFTER' })
    await expect(org.provider.fileActivity(filed)).rejects.toMatchObject({
      code: 'CRM_OUTCOME_UNKNOWN',
      outcome: 'UNKNOWN',
    })
    expect((await org.provider.fileActivity(filed)).created).toBe(false)
  })
})

describe('an org that shuts us out', () => {
  it('S-CON-05: says in the fixed words that the API is off', async () => {
    await org.control.setSwitches({ apiOff: true })
    await expect(org.provider.checkCredentials()).rejects.toMatchObject({
      code: 'CRM_API_DISABLED',
      message: 'The Rest API is not enabled for this organization',
      advice: expect.stringContaining('API Enabled'),
    })
  })

  it('S-CON-03: says that an admin must approve the app', async () => {
    await org.control.setSwitches({ appNotApproved: true })
    await org.control.setSwitches({ expireTokens: true })
    await expect(org.provider.checkCredentials()).rejects.toMatchObject({
      code: expect.stringMatching(/^CRM_(APP|USER)_NOT_/),
    })
  })

  it('counts the day’s calls and stops when they are used up', async () => {
    await org.provider.checkCredentials()
    expect(org.provider.limits()).toMatchObject({
      used: expect.any(Number),
      limit: expect.any(Number),
      throttledUntil: null,
    })
    await org.control.setSwitches({ quotaExhausted: true })
    await expect(search([{ identifier: 'FULL_NAME', value: 'Ada' }])).rejects.toMatchObject({
      code: 'CRM_QUOTA_EXHAUSTED',
    })
    await org.control.clearCalls()
    await expect(search([{ identifier: 'FULL_NAME', value: 'Ada' }])).rejects.toMatchObject({
      code: 'CRM_QUOTA_EXHAUSTED',
    })
    expect(await org.control.calls()).toEqual([])
  })
})

describe('metadata that changes', () => {
  it('a field that was hidden since does not stop a search', async () => {
    const contact = await org.provider.createRecord({
      entityName: 'Contact',
      kind: 'CONTACT',
      values: [text('LastName', 'Stale'), text('Phone', '+19075550122')],
      key: freshKey(),
      allowDuplicate: true,
    })
    const targets: SearchRequest['targets'] = [
      { entityName: 'Contact', kind: 'CONTACT', selection: { attributes: ['phone'], fields: [] } },
      ...accounts,
    ]
    const by: SearchRequest['by'] = [{ identifier: 'PHONE', value: '+19075550122' }]
    await search(by, targets)
    await org.control.changeMetadata({ entity: 'Contact', field: 'OtherPhone', hide: true })
    const { targets: found } = await search(by, targets)
    expect(found.flatMap(({ matches }) => matches.map(({ record }) => record.remoteId))).toEqual([contact.remoteId])
  })

  it('a lead shows its company and the label of its status, and fields by name', async () => {
    const lead = await org.provider.createRecord({
      entityName: 'Lead',
      kind: 'LEAD',
      values: [text('LastName', 'Chrysalis'), text('Company', 'Cocoon')],
      key: freshKey(),
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
      await org.control.clearCalls()
      await search([{ identifier: 'FULL_NAME', value: 'nobody at all' }], six.slice(0, count))
      return (await org.control.calls()).map(({ operations }) => operations)
    }
    expect(await ask(5)).toEqual([5])
    expect((await ask(6)).sort()).toEqual([1, 5])
  })
})
