import { afterEach, describe, expect, it } from 'vitest'
import {
  describeAnswer,
  describedField,
  describeWithout,
  keyField,
  openScriptedSalesforce,
  refusal,
  rows,
  type ScriptedSalesforce,
} from '../../testing/scripted-salesforce.ts'

let org: ScriptedSalesforce

afterEach(() => org.close())

const contactId = '003dM00001vWOXJQA4'

describe('metadata', () => {
  it('is asked once, answered from memory, and revalidated in the background after ten minutes', async () => {
    let label = 'Contact'
    org = await openScriptedSalesforce((sent) => {
      if (!sent.path.endsWith('/Contact/describe')) return undefined
      if (sent.headers['if-modified-since'] === `date of ${label}`) return { status: 304 }
      const { json } = describeAnswer('Contact')
      return { json: { ...(json as object), label }, headers: { 'last-modified': `date of ${label}` } }
    })
    const read = async () => (await org.provider.describeEntityType('Contact'))?.label
    expect(await Promise.all([read(), read(), read()])).toEqual(['Contact', 'Contact', 'Contact'])
    expect(org.requests).toHaveLength(1)

    org.clock.now += 11 * 60_000
    expect(await read()).toBe('Contact')
    await expect.poll(() => org.calls.map(({ status }) => status)).toEqual([200, 304])

    label = 'Person'
    org.clock.now += 11 * 60_000
    expect(await read()).toBe('Contact')
    await expect.poll(read).toBe('Person')
    expect(org.requests).toHaveLength(3)
  })

  it('a late "not changed" does not bring back what was read anew meanwhile', async () => {
    let label = 'Old'
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    org = await openScriptedSalesforce(async (sent) => {
      if (!sent.path.endsWith('/Contact/describe')) return undefined
      if (sent.headers['if-modified-since'] !== undefined) {
        await held
        return { status: 304 }
      }
      const { json } = describeAnswer('Contact')
      return { json: { ...(json as object), label }, headers: { 'last-modified': 'the same date' } }
    })
    const read = async (fresh = false) => (await org.provider.describeEntityType('Contact', { fresh }))?.label
    expect(await read()).toBe('Old')
    org.clock.now += 11 * 60_000
    expect(await read()).toBe('Old')
    await expect.poll(() => org.requests.length).toBe(2)
    label = 'New'
    expect(await read(true)).toBe('New')
    release()
    await expect.poll(() => org.calls.map(({ status }) => status)).toEqual([200, 200, 304])
    expect(await read()).toBe('New')
  })

  it('what we hold goes on to serve while the org cannot be asked', async () => {
    let broken = false
    org = await openScriptedSalesforce(() => (broken ? refusal(500, 'UNKNOWN_EXCEPTION') : undefined))
    await org.provider.describeEntityType('Contact')
    broken = true
    org.clock.now += 60 * 60_000
    expect(await org.provider.describeEntityType('Contact')).toMatchObject({ name: 'Contact' })
    await expect.poll(() => org.requests.length).toBe(2)
    expect(await org.provider.describeEntityType('Contact')).toMatchObject({ name: 'Contact' })
  })

  it('a field that is new in the org is found at the second look', async () => {
    let fields = [keyField]
    org = await openScriptedSalesforce((sent) =>
      sent.path.endsWith('/Contact/describe') ? describeAnswer('Contact', () => fields) : undefined,
    )
    const find = () => org.provider.findRecords('Contact', [contactId], { attributes: [], fields: ['New__c'] })
    await expect(find()).rejects.toMatchObject({ code: 'CRM_REJECTED', fields: [{ name: 'New__c' }] })
    fields = [keyField, describedField('New__c')]
    org.clock.now += 11_000
    expect(await find()).toEqual([null])
  })

  it('a caller that leaves while the org is asked meets an error of ours', async () => {
    const leaving = new AbortController()
    org = await openScriptedSalesforce(async () => {
      leaving.abort()
      await new Promise((resolve) => setTimeout(resolve, 20))
      return undefined
    })
    await expect(org.provider.describeEntityType('Contact', { signal: leaving.signal })).rejects.toMatchObject({
      name: 'ProviderError',
      code: 'CRM_TIMEOUT',
    })
  })

  it('who joins a describe in flight has a time of its own, whoever asked first', async () => {
    let release = () => {}
    const asked = new Promise<void>((resolve) => {
      release = resolve
    })
    org = await openScriptedSalesforce(async () => {
      await asked
      return undefined
    })
    const [hasty, patient] = [
      org.provider.describeEntityType('Contact', { timeoutMs: 20 }),
      org.provider.describeEntityType('Contact'),
    ]
    await expect(hasty).rejects.toMatchObject({ code: 'CRM_TIMEOUT' })
    release()
    expect(await patient).toMatchObject({ name: 'Contact' })
    expect(org.requests).toHaveLength(1)
  })

  it('who joins a list in flight has a time of its own too', async () => {
    let release = () => {}
    const asked = new Promise<void>((resolve) => {
      release = resolve
    })
    org = await openScriptedSalesforce(async () => {
      await asked
      return { json: { sobjects: [] } }
    })
    const [hasty, patient] = [org.provider.listEntityTypes({ timeoutMs: 20 }), org.provider.listEntityTypes()]
    await expect(hasty).rejects.toMatchObject({ code: 'CRM_TIMEOUT' })
    release()
    expect(await patient).toEqual([])
    expect(org.requests).toHaveLength(1)
  })

  it.each([null, {}, { fields: 'none' }])(
    'an answer of %j, which is not the org’s, is CRM_UNAVAILABLE',
    async (json) => {
      org = await openScriptedSalesforce(() => ({ json }))
      for (const ask of [() => org.provider.describeEntityType('Contact'), () => org.provider.listEntityTypes()]) {
        await expect(ask()).rejects.toMatchObject({ name: 'ProviderError', code: 'CRM_UNAVAILABLE' })
      }
    },
  )

  it('what cannot be the name of an object is no object, and nobody is asked', async () => {
    org = await openScriptedSalesforce()
    expect(await org.provider.describeEntityType("Contact' OR Name != '")).toBeNull()
    expect(await org.provider.findRecords('no-such', [contactId], { attributes: [], fields: [] })).toEqual([null])
    expect(org.requests).toHaveLength(0)
  })

  describe('of an object with record types', () => {
    const recordTypeInfos = ['Sales_Lead', 'Partner_Lead'].map((developerName, index) => ({
      active: true,
      available: true,
      defaultRecordTypeMapping: index === 0,
      developerName,
      master: false,
      name: developerName,
      recordTypeId: `01200000000000${index}AAA`,
    }))
    const picklist = (...values: string[]) => ({
      type: 'picklist',
      picklistValues: values.map((value) => ({ active: true, value, label: value })),
    })
    const lead = () => {
      const { json } = describeAnswer('Lead', (fields) => [
        ...fields,
        describedField('Grade__c', picklist('A', 'B', 'C')),
        describedField('Rating', picklist('Hot', 'Cold')),
      ])
      return { json: { ...(json as object), recordTypeInfos } }
    }
    const offered = { picklistFieldValues: { Grade__c: { values: [{ value: 'A', label: 'Grade A' }] } } }
    const optionsOf = async (recordType?: string) => {
      const described = await org.provider.describeEntityType('Lead', { recordType })
      const of = (name: string) => described?.fields.find((field) => field.name === name)?.options
      return { grade: of('Grade__c')?.map(({ label }) => label), rating: of('Rating')?.map(({ label }) => label) }
    }

    it('options are those of the record type that is named; a field it says nothing of keeps its own', async () => {
      org = await openScriptedSalesforce(({ path }) => {
        if (path.endsWith('/ui-api/object-info/Lead/picklist-values/012000000000001AAA')) return { json: offered }
        return path.endsWith('/Lead/describe') ? lead() : undefined
      })
      expect(await optionsOf('Partner_Lead')).toEqual({ grade: ['Grade A'], rating: ['Hot', 'Cold'] })
      expect(await optionsOf()).toEqual({ grade: ['A', 'B', 'C'], rating: ['Hot', 'Cold'] })
      expect(await optionsOf('Gone')).toEqual({ grade: ['A', 'B', 'C'], rating: ['Hot', 'Cold'] })
      const before = org.requests.length
      expect(await optionsOf('Partner_Lead')).toEqual({ grade: ['Grade A'], rating: ['Hot', 'Cold'] })
      expect(org.requests).toHaveLength(before)
    })

    it.each([
      ['does not have the resource', refusal(404, 'NOT_FOUND')],
      ['keeps it from us', refusal(403, 'FORBIDDEN')],
      ['answers in a shape of its own', { json: { picklistFieldValues: { Grade__c: {} } } }],
    ])('an org that %s offers all values', async (_, answer) => {
      org = await openScriptedSalesforce(({ path }) => {
        if (path.includes('/ui-api/')) return answer
        return path.endsWith('/Lead/describe') ? lead() : undefined
      })
      expect((await optionsOf('Partner_Lead')).grade).toEqual(['A', 'B', 'C'])
    })

    it('the answer is the same object until the org was read anew, which `fresh` does at once', async () => {
      let grades = offered
      org = await openScriptedSalesforce(({ path }) => {
        if (path.includes('/ui-api/')) return { json: grades }
        return path.endsWith('/Lead/describe') ? lead() : undefined
      })
      const describe = (fresh = false) => org.provider.describeEntityType('Lead', { recordType: 'Partner_Lead', fresh })
      const first = await describe()
      expect(await describe()).toBe(first)
      expect(await org.provider.describeEntityType('Lead')).not.toBe(first)
      grades = { picklistFieldValues: { Grade__c: { values: [{ value: 'B', label: 'Grade B' }] } } }
      expect(await describe()).toBe(first)
      const second = await describe(true)
      expect(second?.fields.find(({ name }) => name === 'Grade__c')?.options).toEqual([
        { value: 'B', label: 'Grade B' },
      ])
      expect(await describe()).toBe(second)
    })
  })

  it('a row is read although a field of it was lost since we looked', async () => {
    let lost = false
    org = await openScriptedSalesforce(({ path, query }) => {
      if (lost && path.endsWith('/Contact/describe')) return describeWithout('Contact', 'Phone')
      const soql = query.get('q') ?? ''
      if (!soql.includes('FROM Contact')) return undefined
      if (lost && soql.includes('Phone')) return refusal(400, 'INVALID_FIELD', { message: "No such column 'Phone'" })
      return rows({ Id: contactId, Name: 'Ada' })
    })
    const find = (fields: string[]) =>
      org.provider.findRecords('Contact', [contactId], { attributes: ['phone'], fields })
    await find([])
    lost = true
    expect(await find([])).toMatchObject([{ name: 'Ada', phone: null }])
    await expect(find(['Phone'])).rejects.toMatchObject({ fields: [{ name: 'Phone' }], metadataDoubtful: true })
  })
})
