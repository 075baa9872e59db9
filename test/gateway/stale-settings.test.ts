/** A name that went stale in the CRM holds up only what uses it: whatever the settings and whatever the org became. */
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { create, formOf, held, namesOn } from '../rules/support/forms.ts'
import { look, more, newWord } from '../rules/support/looking.ts'
import { pushTo, rowOf, settled } from '../rules/support/pushing.ts'
import { openRules } from '../rules/support/rules.ts'
import { lookupFields, typedFields } from '../rules/support/typed-fields.ts'
import { checkIntegration } from './connecting.ts'
import { brokenSettings, changeOrg, isGone, isWrittenStale, names, staleCases, variableOf } from './stale-names.ts'
import {
  accountId,
  buildWorld,
  openRecord,
  problemsOf,
  settingIds,
  startWithVariables,
  type World,
} from './stale-world.ts'

const rules = openRules({ people: 10, worker: true })

beforeAll(async () => {
  for (const field of Object.values(typedFields).flatMap((it) => Object.values(it))) {
    const query = 'mutation ($name: String!) { declareChatVariable(name: $name) { __typename } }'
    await rules.running().execute(query, { name: variableOf(field) })
  }
})

const filtersOf = ({ it }: World) =>
  it.fields.filter(({ search, detail }) => search === 'FILTER' || detail === 'FILTER')
/** A filter on a field that is gone; one whose type or options changed may still narrow. */
const isClosed = (world: World) => filtersOf(world).some(isGone)
const isDoubtful = (world: World) => filtersOf(world).some(({ change }) => change !== null)

/** The accounts that a search may show, and whether it must. */
function accountsOf(world: World): string[] {
  const { word } = world
  const all = [`${word} In`, `${word} In too`, `${word} Out`]
  return isClosed(world) ? [] : filtersOf(world).length > 0 ? all.slice(0, 2) : all
}

// ------------------------------------------------------------------------------------------------ what must go on

const ops: Record<string, (world: World) => Promise<void>> = {
  async form({ crm, it }) {
    const inputs = it.fields
      .filter(({ exported }) => exported === 'INPUT')
      .filter((one) => !isWrittenStale(one, 'INPUT'))
    const form = await formOf(crm, crm.names.account.entity)
    expect(namesOn(form)).toEqual(expect.arrayContaining(inputs.map(({ field }) => field.name)))
  },

  term: (world) => expectFound(world, { term: world.word }),
  identifiers: (world) => expectFound(world, { phone: world.phone }),

  async detail(world) {
    const { crm, it, inside, outside } = world
    const service = await openRecord(world, inside, await crm.running.key('SERVICE'))
    const typedNames = it.fields.map(({ field }) => field.name)
    const present = it.fields.filter((one) => one.detail !== null && !isGone(one)).map(({ field }) => field.name)
    expect(service.names.filter((name: string) => typedNames.includes(name)).sort()).toEqual(present.sort())
    const agent = await crm.agent()
    const isFiltered = filtersOf(world).length > 0
    expect((await openRecord(world, outside, agent)).__typename).toBe(isFiltered ? 'NotFoundError' : 'RecordSuccess')
    if (isClosed(world)) expect((await openRecord(world, inside, agent)).__typename).toBe('NotFoundError')
    else if (!isDoubtful(world)) expect((await openRecord(world, inside, agent)).__typename).toBe('RecordSuccess')
  },

  async create({ crm, it, form }) {
    const conversation = await startWithVariables(crm, it)
    const kept = form.fields.filter(({ group }) => group === 'EXPORT' || group === 'BACKEND')
    const values = kept.flatMap(({ id, name }) => {
      const one = it.fields.find(({ field }) => field.name === name)
      // An option that is gone is the agent's to choose anew.
      return one === undefined || one.change === 'OPTIONS' ? [] : [{ fieldId: id, ...givenOf(one.field) }]
    })
    const { entity, name } = crm.names.account
    const all = [{ name, value: newWord() }, ...values]
    const made = await create(crm, entity, { values: all, allowDuplicate: true, conversationId: conversation.id })
    expect(made).toMatchObject({ __typename: 'CreateRecordSuccess' })
    const row = await held(crm, entity, made)
    for (const { field, exported, backend, change } of it.fields) {
      if (change === null && (exported ?? backend) !== null) expect(row).toMatchObject({ [field.name]: field.held })
    }
    const gone = it.fields.filter((one) => one.exported === 'CONSTANT' && isGone(one))
    for (const { field } of gone) expect(made.warnings).toContainEqual(expect.stringContaining(field.name))
    for (const { status } of await settled(crm, conversation)) expect(status).toBe('DELIVERED')
  },

  async tag({ crm, it, tagged }) {
    const conversation = await startWithVariables(crm, it)
    const ids = await settingIds(crm)
    const { entity } = crm.names.account
    const given = it.fields.filter(({ backend, change }) => backend?.variableType === 'INPUT' && change !== 'OPTIONS')
    const backendValues = given.map(({ field }) => ({ name: field.name, ...givenOf(field) }))
    const record = { id: accountId(crm, tagged), remoteId: tagged, entity }
    const push = await pushTo(crm, conversation, record, { backendValues })
    expect(push).toMatchObject({ status: 'DELIVERED', error: null })
    const warned = push.warnings.flatMap(({ settingId }) => ids.get(settingId ?? '') ?? [])
    const backend = brokenSettings(crm, it).filter((name) => name.startsWith('BackendField'))
    for (const name of warned) expect(backend).toContain(name)
    const gone = it.fields.filter((one) => one.backend !== null && isGone(one)).map(({ field }) => field.name)
    for (const name of gone) expect(warned).toContain(`BackendField ${entity} ${name}`)
    const row = await rowOf(crm, record)
    for (const { field, backend: written, change } of it.fields) {
      // Without a value, a switch and a status hold what the CRM gives them.
      const isKept = written?.overwrite === false && ['TWO_OPTIONS', 'STATUS_REASON', 'OPTION_SET'].includes(field.type)
      if (change === null && written !== null && !isKept) expect(row).toMatchObject({ [field.name]: field.held })
    }
  },

  async more(world) {
    const { crm, cursor, firstShown } = world
    if (cursor === null) throw new Error('There was nothing more to show')
    const answer = await more(crm, cursor, 5)
    const rest = accountsOf(world).filter((name) => name !== firstShown)
    const shown = answer.hits?.map(({ record }) => record.name).sort() ?? []
    if (isClosed(world)) expect(answer).toMatchObject({ __typename: 'ProviderError', code: 'CRM_REJECTED' })
    else if (isDoubtful(world)) for (const name of shown) expect(rest).toContain(name)
    else expect(shown).toEqual(rest)
  },

  async lookup({ crm, it, form, word }) {
    const fieldId = form.fields.find(({ name }) => name === lookupFields[crm.provider].name)?.id
    const { lookupRecords } = await crm.running.execute(
      `query ($fieldId: ID!, $term: String!) {
        lookupRecords(fieldId: $fieldId, term: $term) {
          __typename ... on LookupRecordsSuccess { options { name detail } } ... on Error { code message }
        }
      }`,
      { fieldId, term: word },
      await crm.agent(),
    )
    const detail = it.lookup === 'DISPLAY' ? null : 'inner'
    if (it.lookup === 'FILTER') expect(lookupRecords).toMatchObject({ __typename: 'ProviderError' })
    else expect(lookupRecords).toMatchObject({ options: [{ name: `inner ${word}`, detail }] })
  },

  async panel({ crm, it }) {
    const { panel } = await crm.running.execute(panelQuery, {}, await crm.agent())
    const ours = panel.integrations.find((one: { integration: { id: string } }) => one.integration.id === crm.org.id)
    const boxes = it.fields.filter((one) => one.search === 'PLAIN' && !isGone(one)).map(({ field }) => field.name)
    const shown = ours.searchForm.fields.map(({ name }: { name: string }) => name)
    expect(shown).toEqual(expect.arrayContaining(boxes))
    const tabs: string[] = ours.tabs.map(({ label }: { label: string }) => label)
    expect(tabs.filter((label) => label !== 'Car')).toEqual(['Account', 'Contact', 'Lead'])
    // What the org has no more has a tab until somebody has met it.
    if (it.vehicles === null) expect(tabs).toContain('Car')
  },
}

const panelQuery = '{ panel { integrations { integration { id } searchForm { fields { name } } tabs { label } } } }'
const givenOf = ({ value, values }: { value?: string; values?: string[] }) =>
  values ? { values } : { value: value ?? '' }

async function expectFound(world: World, input: { term?: string; phone?: string }): Promise<void> {
  const { crm, it, word } = world
  const { account } = crm.names
  const found = await look(crm, input)
  const hits = (entity: string) =>
    found.entityTypes
      .find(({ entityType }) => entityType.name === entity)
      ?.hits.map(({ record }) => record.name)
      .sort()
  const accounts = accountsOf(world)
  if (isClosed(world)) expect(hits(account.entity)).toBeUndefined()
  else if (isDoubtful(world)) for (const name of hits(account.entity) ?? []) expect(accounts).toContain(name)
  else expect(hits(account.entity)).toEqual(accounts)
  if (!isDoubtful(world)) expect(found.failure).toBeNull()
  expect(hits(crm.names.contact.entity)).toEqual([`inner ${word}`, `outer ${word}`])
  const vehicles = it.vehicles === null && input.term !== undefined ? [`${word} Car`] : []
  expect(hits(names[crm.provider].vehicle) ?? []).toEqual(vehicles)
}

// ------------------------------------------------------------------------------------------------ what is told

async function expectTold(world: World): Promise<void> {
  const { crm, it } = world
  const ids = await settingIds(crm)
  const broken = brokenSettings(crm, it)
  const { entity } = crm.names.account
  const ofAccount = (all: readonly string[]) => all.filter((name) => name.includes(` ${entity} `))
  const settledOf = { interval: 20 }
  // Whoever used what is gone has met it, so that nobody needs to ask.
  const isMet = it.fields.some(
    (one) => isGone(one) && (one.exported ?? one.backend ?? one.search ?? one.detail) !== null,
  )
  const withoutLookup = (all: readonly string[]) =>
    all.filter((name) => !name.endsWith(lookupFields[crm.provider].name))
  if (isMet) {
    const met = async () => withoutLookup(ofAccount(await problemsOf(crm, ids)))
    await expect.poll(met, settledOf).toEqual(withoutLookup(ofAccount(broken)))
  }
  await checkIntegration(crm.running, crm.org.id)
  await expect.poll(() => problemsOf(crm, ids), settledOf).toEqual(broken)

  const form = await formOf(crm, entity)
  const onForm = form.fields.filter(({ group }) => group === 'EXPORT' || group === 'BACKEND').map(({ name }) => name)
  const inputs = it.fields.flatMap((one) =>
    [one.exported, one.backend?.variableType]
      .filter((type) => type === 'INPUT' && !isWrittenStale(one, type))
      .map(() => one.field.name),
  )
  expect(onForm.sort()).toEqual([...inputs, lookupFields[crm.provider].name].sort())
  await ops['panel']?.(world)
  await expectFound(world, { term: world.word })

  await crm.control.reset()
  await checkIntegration(crm.running, crm.org.id)
  await expect.poll(() => problemsOf(crm, ids), settledOf).toEqual([])
}

test.each(['DYNAMICS', 'SALESFORCE'] as const)(
  '%s: whatever the settings and whatever becomes of the org, a stale name holds up only what uses it, and is told',
  async (provider) => {
    const crm = rules.crm(provider)
    const order = fc.shuffledSubarray(Object.keys(ops), { minLength: Object.keys(ops).length })
    await fc.assert(
      fc.asyncProperty(staleCases(provider), order, async (it, steps) => {
        const world = await buildWorld(crm, it)
        await changeOrg(crm, it)
        for (const step of steps) await ops[step]?.(world)
        await expectTold(world)
      }),
      // To look for a smaller case takes longer than the test may.
      { numRuns: 8, endOnFailure: true },
    )
  },
  120_000,
)
