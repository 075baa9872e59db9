import { expect } from 'vitest'
import { account, accountForm, accountRow, exported, faultsOfField } from './support/exporting.ts'
import { fieldOn, makeContact, writes } from './support/forms.ts'
import { openRules, type RuleCrm } from './support/rules.ts'
import { lookupFields } from './support/typed-fields.ts'

const { twins } = openRules()

twins(
  { DYNAMICS: 'D-EXP-32', SALESFORCE: 'S-EXP-30' },
  'an input look-up names the entity that it points to; what else it says is optional',
  async (crm) => {
    const { name, related, searched } = lookupFields[crm.provider]
    const field = { name, variableType: 'INPUT', fieldType: 'LOOKUP', label: 'Contact' }
    expect(await faultsOfField(crm, field)).toEqual(['field.lookup.relatedEntity'])
    const lead = { ...field, lookup: { relatedEntity: crm.names.lead.entity } }
    expect(await faultsOfField(crm, lead)).toEqual(['field.lookup.relatedEntity'])
    expect(await faultsOfField(crm, { ...field, lookup: { relatedEntity: related } })).toEqual([])
    expect(
      await faultsOfField(crm, { ...field, lookup: { relatedEntity: related, searchFields: [searched] } }),
    ).toEqual([])
  },
)

interface Options {
  __typename: string
  options?: { value: string; name: string; detail: string | null }[]
}

async function lookUp(crm: RuleCrm, fieldId: string, term: string): Promise<Options> {
  const { lookupRecords } = await crm.running.execute(
    `query ($fieldId: ID!, $term: String!) {
      lookupRecords(fieldId: $fieldId, term: $term, first: 50) {
        __typename
        ... on LookupRecordsSuccess { options { value name detail } }
        ... on Error { message }
      }
    }`,
    { fieldId, term },
    await crm.agent(),
  )
  return lookupRecords
}

const idOnForm = async (crm: RuleCrm) => fieldOn(await accountForm(crm), lookupFields[crm.provider].name).id

const byDetail = (a: { detail: string | null }, b: { detail: string | null }) =>
  (a.detail ?? '') < (b.detail ?? '') ? -1 : 1

twins(
  { DYNAMICS: 'D-EXP-33', SALESFORCE: 'S-EXP-31' },
  'a look-up searches the fields, shows the field and keeps the filter that its settings name',
  async (crm) => {
    const { name, heldAs, related, searched } = lookupFields[crm.provider]
    const { first, email } = crm.names.contact
    const last = `Lookup${crypto.randomUUID().slice(0, 8)}`
    const [inside, outside] = [await makeContact(crm, last), await makeContact(crm, last)]
    const spec = { relatedEntity: related, searchFields: [searched], displayField: email }
    const field = { name, variableType: 'INPUT', fieldType: 'LOOKUP', label: 'Contact' }

    await exported(crm, { ...field, lookup: spec })
    const { options: all = [] } = await lookUp(crm, await idOnForm(crm), last)
    const shown = [inside, outside].map((made) => ({ name: `${made.first} ${last}`, detail: made.email }))
    expect(all.map(({ value: _, ...option }) => option).toSorted(byDetail)).toEqual(shown.toSorted(byDetail))
    // Only the last name is searched.
    expect((await lookUp(crm, await idOnForm(crm), inside.first)).options).toEqual([])

    await exported(crm, { ...field, lookup: { ...spec, filter: { field: first, value: inside.first } } })
    const fieldId = await idOnForm(crm)
    const { options: within = [] } = await lookUp(crm, fieldId, last)
    expect(within.map(({ detail }) => detail)).toEqual([inside.email])
    await crm.control.clearCalls()
    const value = all.find(({ detail }) => detail === outside.email)?.value ?? ''
    expect(await account(crm, [{ fieldId, value }])).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['input', 'values', '1', name] }],
    })
    expect(await writes(crm)).toEqual([])
    const row = await accountRow(crm, [{ fieldId, value: within[0]?.value ?? '' }])
    expect(row).toMatchObject({ [heldAs]: inside.id })
  },
)

twins(
  { DYNAMICS: 'D-EXP-36', SALESFORCE: 'S-EXP-36' },
  'an input look-up offers records and points to the chosen one; anything else is a field error',
  async (crm) => {
    const { name, heldAs, related } = lookupFields[crm.provider]
    const lookup = { relatedEntity: related }
    await exported(crm, { name, variableType: 'INPUT', fieldType: 'LOOKUP', label: 'Contact', lookup })
    const onForm = fieldOn(await accountForm(crm), name)
    expect(onForm).toMatchObject({ type: 'LOOKUP', lookup: { relatedEntity: related } })
    const { id, first } = await makeContact(crm, 'Chosen')
    const { options = [] } = await lookUp(crm, onForm.id, first)
    expect(options).toMatchObject([{ name: `${first} Chosen` }])

    await crm.control.clearCalls()
    const ofLead = Buffer.from(`LookupOption:${crm.names.lead.entity}:${id}`).toString('base64')
    for (const value of [id, `${first} Chosen`, ofLead]) {
      const path = ['input', 'values', '1', name]
      const refused = await account(crm, [{ name, value }])
      expect(refused).toMatchObject({ __typename: 'ValidationError', fields: [{ path }] })
    }
    expect(await writes(crm)).toEqual([])
    const row = await accountRow(crm, [{ fieldId: onForm.id, value: options[0]?.value ?? '' }])
    expect(row).toMatchObject({ [heldAs]: id })

    // Without a field that is set up, nothing can be looked up.
    const forged = Buffer.from('FormField:ExportField:forged').toString('base64')
    expect(await lookUp(crm, forged, first)).toMatchObject({ __typename: 'ValidationError' })
    await crm.settings({})
    expect(await lookUp(crm, onForm.id, first)).toMatchObject({ __typename: 'ValidationError' })
  },
)
