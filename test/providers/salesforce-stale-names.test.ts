/** Names that the emulated Salesforce has no longer: each holds up only what uses it. */
import type { FieldValue, SearchBy, SearchTarget } from '@backchannel/providers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openSalesforce, text } from './opened-salesforce.ts'

const org = openSalesforce()
const { create, rowOf } = org

describe('names that went stale', () => {
  const contacts = (more: Partial<SearchTarget>): SearchTarget => ({
    entityName: 'Contact',
    kind: 'CONTACT',
    selection: { attributes: [], fields: [] },
    ...more,
  })
  const topic = { name: 'Chat_Topic__c', type: 'TEXT' as const }
  const search = (target: SearchTarget) =>
    org.provider.searchRecords({
      by: [{ identifier: 'TERM', value: 'astrolabe' }],
      targets: [target],
      first: 5,
      region: 'US',
    })
  const stale = { code: 'CRM_REJECTED', fields: [{ name: 'Chat_Topic__c' }], metadataDoubtful: true }

  it.each([
    ['removed', { hide: true }],
    ['renamed', { set: { name: 'Topic__c' } }],
  ])('a field that was %s is refused by its name wherever it is used, and the rest goes on', async (_, change) => {
    const contact = await create('Contact', [text('LastName', 'Astrolabe'), text('Chat_Topic__c', 'astrolabe')])
    const uses: Partial<SearchTarget>[] = [
      { termFields: [topic] },
      { filters: [{ ...topic, value: 'astrolabe', relatedEntity: null }] },
      { values: [{ ...topic, value: 'astrolabe', relatedEntity: null }] },
      { identifierFields: { TERM: [topic] } },
      { selection: { attributes: [], fields: ['Chat_Topic__c'] } },
    ]
    for (const use of uses) expect((await search(contacts(use))).targets[0]?.matches).toHaveLength(1)
    await org.control.changeMetadata({ entity: 'Contact', field: 'Chat_Topic__c', ...change })
    for (const use of uses) await expect(search(contacts(use))).rejects.toMatchObject(stale)
    expect((await search(contacts({}))).targets[0]?.matches).toHaveLength(1)

    await expect(org.provider.updateRecord(contact, { values: [text('Chat_Topic__c', 'x')] })).rejects.toMatchObject(
      stale,
    )
    await expect(create('Contact', [text('LastName', 'New'), text('Chat_Topic__c', 'x')])).rejects.toMatchObject(stale)
    await org.provider.updateRecord(contact, { values: [text('Title', 'Dr')] })
    expect(await rowOf('Contact', contact.remoteId)).toMatchObject({ Title: 'Dr' })
  })

  it('a field whose type changed is asked by its new one', async () => {
    await create('Contact', [text('LastName', 'Astrolabe')])
    await search(contacts({ termFields: [topic] }))
    await org.control.changeMetadata({
      entity: 'Contact',
      field: 'Chat_Topic__c',
      set: { type: 'currency', length: 0, precision: 18 },
    })
    expect((await search(contacts({ termFields: [topic] }))).targets[0]?.matches).toHaveLength(1)
  })

  it('whatever changes at random, a search that names nothing goes on, and one that does is refused by those names', async () => {
    const texts = ['FirstName', 'Email', 'Phone', 'OtherPhone', 'Title', 'Chat_Topic__c']
    const fields = [...texts, 'DoNotCall', 'Birthdate']
    const change = fc.oneof(
      fc.constant({ hide: true }),
      fc.constant({ rename: true } as const),
      fc
        .constantFrom('string', 'currency', 'boolean', 'date', 'datetime', 'picklist', 'multipicklist')
        .map((type) => ({ set: { type, filterable: true, length: 80, precision: 18 } })),
      fc.constant({ set: { filterable: false } }),
    )
    const changes = fc.array(fc.record({ field: fc.constantFrom(...fields), change }), { minLength: 1, maxLength: 4 })
    const by: SearchBy[][] = [
      [
        { identifier: 'PHONE', value: '+15125550143' },
        { identifier: 'EMAIL', value: 'astrolabe@people.example' },
        { identifier: 'FULL_NAME', value: 'Astrolabe' },
      ],
      [{ identifier: 'TERM', value: 'astrolabe' }],
      [{ identifier: 'TERM', value: '2000' }],
    ]
    const attributes = ['firstName', 'email', 'phone', 'account', 'version'] as const
    await fc.assert(
      fc.asyncProperty(changes, fc.subarray(fields), async (made, named) => {
        await org.control.reset()
        const provider = org.another()
        await create('Contact', [text('LastName', 'Astrolabe')])
        const ask = (one: readonly SearchBy[], more: Partial<SearchTarget>) =>
          provider.searchRecords({
            by: one,
            targets: [contacts({ selection: { attributes, fields: [] }, ...more })],
            first: 5,
            region: 'US',
          })
        const termFields = named.map((name) => ({ name, type: 'TEXT' as const }))
        await ask([{ identifier: 'TERM', value: 'astrolabe' }], { termFields })
        for (const { field, change: what } of made) {
          // No org has two fields of one name.
          const set = 'rename' in what ? { set: { name: `Renamed_${fields.indexOf(field)}__c` } } : what
          await org.control.changeMetadata({ entity: 'Contact', field, ...set })
        }
        for (const one of by) await ask(one, {})
        expect((await ask([{ identifier: 'TERM', value: 'astrolabe' }], {})).targets[0]?.matches).toHaveLength(1)
        const now = await org.another().describeEntityType('Contact')
        const lost = named.filter((name) => !now?.fields.some((field) => field.name === name))
        for (const one of by.slice(1)) {
          const refusal = await ask(one, { termFields }).then(
            () => null,
            (error: unknown) => error,
          )
          // A field that cannot hold the term is not asked, so that nobody may meet that it is gone.
          const isMet = lost.some((name) => texts.includes(name))
          if (isMet || refusal !== null) {
            expect(refusal).toMatchObject({ ...stale, fields: lost.map((name) => ({ name })) })
            expect(lost).not.toEqual([])
          }
        }
      }),
      { numRuns: 25 },
    )
  }, 30_000)

  it('options that changed are known as soon as one of them was refused', async () => {
    const chosen = (option: string): FieldValue => ({
      ...text('Interests__c', ''),
      type: 'MULTI_OPTION_SET',
      value: null,
      values: [option],
    })
    const options = async () => {
      const described = await org.provider.describeEntityType('Contact')
      return described?.fields.find(({ name }) => name === 'Interests__c')?.options.map(({ value }) => value)
    }
    expect(await options()).toContain('Sales')
    await org.control.changeMetadata({
      entity: 'Contact',
      field: 'Interests__c',
      set: { picklistValues: ['New', 'Used'] },
    })
    await expect(create('Contact', [text('LastName', 'Late'), chosen('Sales')])).rejects.toMatchObject({
      code: 'CRM_REJECTED',
      fields: [{ name: 'Interests__c' }],
      metadataDoubtful: true,
    })
    expect(await options()).toEqual(['New', 'Used'])
    await create('Contact', [text('LastName', 'Late'), chosen('Used')])
  })

  it('an org without leads has none to find and none to make; the others are searched', async () => {
    await org.control.changeMetadata({ entity: 'Lead', hide: true })
    expect(await org.provider.describeEntityType('Lead')).toBeNull()
    const contact = await create('Contact', [text('LastName', 'Astrolabe')])
    const leads: SearchTarget = { ...contacts({}), entityName: 'Lead', kind: 'LEAD' }
    const { targets } = await org.provider.searchRecords({
      by: [{ identifier: 'TERM', value: 'astrolabe' }],
      targets: [leads, contacts({})],
      first: 5,
      region: 'US',
    })
    expect(targets.map(({ matches }) => matches.map(({ record }) => record.remoteId))).toEqual([[], [contact.remoteId]])
    await expect(create('Lead', [text('LastName', 'Nobody')])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
