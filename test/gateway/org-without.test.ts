/** An org that lacks what the vendor gives every org: a default entity type, or a built-in field of a form. */
import { expect, test, vi } from 'vitest'
import { create, formOf, namesOn } from '../rules/support/forms.ts'
import { look } from '../rules/support/looking.ts'
import { openRules, type RuleCrm } from '../rules/support/rules.ts'
import { checkIntegration } from './connecting.ts'
import { providers } from './searching.ts'

const rules = openRules({ people: 10 })

const stateQuery = `query ($id: ID!) { integration(id: $id) {
  problems { message settingIds section }
  entityTypes { id name check }
  settings { defaultFields { id name } }
} }`

interface State {
  problems: { message: string; settingIds: string[]; section: string }[]
  entityTypes: { id: string; name: string; check: string }[]
  settings: { defaultFields: { id: string; name: string }[] }
}

const stateOf = async ({ running, org }: RuleCrm): Promise<State> =>
  (await running.execute(stateQuery, { id: org.id })).integration

/** A look at the org, and what settings say once it has been worked on. */
async function checked(crm: RuleCrm, expected: (state: State) => void): Promise<void> {
  await checkIntegration(crm.running, crm.org.id)
  await vi.waitFor(async () => expected(await stateOf(crm)), { timeout: 20_000, interval: 30 })
}

async function tabsOf({ running, org, agent }: RuleCrm): Promise<string[]> {
  const query = '{ panel { integrations { integration { id } tabs { label saveLabel } } } }'
  const { panel } = await running.execute(query, {}, await agent())
  const ours = panel.integrations.find((it: { integration: { id: string } }) => it.integration.id === org.id)
  return ours.tabs.map(({ label }: { label: string }) => label)
}

test.each(providers)(
  '%s: a default entity type that the org hides is told, and neither searched nor made',
  async (it) => {
    const crm = rules.crm(it)
    const { entity } = crm.names.lead
    const { problems: before } = await stateOf(crm)
    const lead = (state: State) => state.entityTypes.find(({ name }) => name === entity)
    await crm.control.changeMetadata({ entity, hide: true })
    await checked(crm, (state) => {
      const problem = expect.stringContaining('The org has no Lead')
      expect(lead(state)).toMatchObject({ check: 'BROKEN' })
      expect(state.problems.slice(before.length)).toEqual([
        { message: problem, settingIds: [lead(state)?.id], section: 'ENTITIES' },
      ])
    })

    expect(await tabsOf(crm)).toEqual(['Account', 'Contact'])
    const calls = (await crm.control.calls()).length
    const { entityTypes, notes, failure } = await look(crm, { phone: '+1 206 555 0100' })
    expect(failure).toBeNull()
    expect(entityTypes.map(({ entityType }) => entityType.name)).not.toContain(entity)
    expect(notes).toEqual([expect.stringContaining('Lead is left out')])
    const asked = JSON.stringify((await crm.control.calls()).slice(calls))
    expect(asked).toMatch(/contact/i)
    expect(asked).not.toMatch(/lead/i)
    const leadId = crm.org.entityTypes.find(({ name }) => name === entity)?.id
    const byId = await look(crm, { phone: '+1 206 555 0100', entityTypeIds: [leadId] })
    expect(byId).toMatchObject({ failure: null, entityTypes: [], notes: [expect.anything()] })

    await crm.control.reset()
    await checked(crm, (state) => {
      expect(lead(state)).toMatchObject({ check: 'OK' })
      expect(state.problems).toEqual(before)
    })
    expect(await tabsOf(crm)).toEqual(['Account', 'Contact', 'Lead'])
  },
)

test.each(providers)('%s: whoever switches a hidden entity type off is not told of it any more', async (it) => {
  const crm = rules.crm(it)
  const { entity } = crm.names.lead
  const { problems: before } = await stateOf(crm)
  await crm.control.changeMetadata({ entity, hide: true })
  await checked(crm, ({ problems }) => expect(problems).toHaveLength(before.length + 1))
  const { entityTypes } = (await crm.document()) as { entityTypes: Record<string, unknown>[] }
  const off = { searchable: false, creatable: false }
  await crm.settings({ entityTypes: entityTypes.map((one) => (one['name'] === entity ? { ...one, ...off } : one)) })
  expect((await stateOf(crm)).problems).toEqual(before)
  await crm.settings({})
  // A change of settings is no look at the org.
  expect((await stateOf(crm)).problems).toHaveLength(before.length + 1)
  await crm.control.reset()
  await checked(crm, ({ problems }) => expect(problems).toEqual(before))
})

test.each(providers)('%s: a built-in field that the org hides is told while it is to be on the form', async (it) => {
  const crm = rules.crm(it)
  const { entity } = crm.names.contact
  const field = it === 'DYNAMICS' ? 'emailaddress1' : 'Email'
  const { problems: before } = await stateOf(crm)
  const opened = await formOf(crm, entity)
  const fieldId = opened.fields.find(({ name }) => name === field)?.id ?? ''
  await crm.control.changeMetadata({ entity, field, hide: true })
  await checked(crm, ({ problems }) => {
    expect(problems.slice(before.length)).toEqual([
      { message: expect.stringContaining(field), settingIds: [expect.any(String)], section: 'DEFAULT_FIELDS' },
    ])
  })
  expect(namesOn(await formOf(crm, entity))).not.toContain(field)

  // Whoever opened the form before is warned, and the record is made.
  const last = it === 'DYNAMICS' ? 'lastname' : 'LastName'
  const values = [
    { name: last, value: 'Opened before' },
    { fieldId, value: 'before@example.com' },
  ]
  const made = await create(crm, entity, { values, allowDuplicate: true })
  expect(made).toMatchObject({ __typename: 'CreateRecordSuccess', warnings: [expect.stringContaining(field)] })

  const { defaultFields } = (await crm.document()) as { defaultFields: Record<string, unknown>[] }
  const hidden = defaultFields.map((one) =>
    one['name'] === field && String(one['entityType']).toLowerCase() === 'contact'
      ? { ...one, required: false, showOnForm: false }
      : one,
  )
  await crm.settings({ defaultFields: hidden })
  expect((await stateOf(crm)).problems).toEqual(before)
  await crm.settings({})
  await crm.control.reset()
  await checked(crm, (state) => expect(state.problems).toEqual(before))
})

test.each(providers)(
  '%s: a standard field that the org hides is searched by no more, and all the others are',
  async (it) => {
    const crm = rules.crm(it)
    const { entity, phone } = crm.names.contact
    const before = await look(crm, { term: 'a' })
    const namesOf = ({ entityTypes }: typeof before) =>
      entityTypes.map(({ entityType, hits }) => [entityType.name, hits.length])
    expect(before.hits.length).toBeGreaterThan(0)
    await crm.control.changeMetadata({ entity, field: phone, hide: true })
    const met = await look(crm, { term: 'a' })
    expect(met.failure).toBeNull()
    expect(namesOf(met)).toEqual(namesOf(before))

    // Whoever asks next does without it from the start.
    const calls = (await crm.control.calls()).length
    expect((await look(crm, { email: 'nobody@example.com' })).failure).toBeNull()
    expect((await crm.control.calls()).length - calls).toBe(1)
    expect((await look(crm, { phone: '+1 206 555 0100' })).failure).toBeNull()
    await crm.control.reset()
    await checked(crm, ({ problems }) => expect(problems).toEqual([]))
  },
)
