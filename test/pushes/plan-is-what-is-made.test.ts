/** Whatever is set and given: a preview plans what the one call that makes a record brings to the CRM, field by field. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { constantOf, inputOf } from '../rules/support/backend-settings.ts'
import { constant, given, input } from '../rules/support/exporting.ts'
import { create, entityIdOf, held, writes } from '../rules/support/forms.ts'
import { openRules, type RuleCrm } from '../rules/support/rules.ts'
import { typedFields } from '../rules/support/typed-fields.ts'

const rules = openRules()

interface Step {
  kind: string
  entityName: string
  values: { name: string; raw: unknown; origin: { kind: string } }[]
}

const texts = fc.oneof(
  fc.constantFrom(`Québec's "old" town`, 'a < b &amp; c', '  padded  ', 'x'.repeat(300)),
  fc.string({ minLength: 1, maxLength: 40 }).map((it) => `x${it}y`),
)

const newRecord = fc.record({
  /** By type, how the export field of that type gets its value; where it is an input, whether one is given. */
  exported: fc.dictionary(
    fc.constantFrom(...new Set(Object.values(typedFields).flatMap((fields) => Object.keys(fields)))),
    fc.record({ variableType: fc.constantFrom('CONSTANT', 'INPUT', 'CHAT_VARIABLE'), isGiven: fc.boolean() }),
    { minKeys: 3, noNullPrototype: true },
  ),
  text: texts,
  variables: fc.record({ Location: texts, Computer: fc.constantFrom('1,250', '17.5', 'many') }, { requiredKeys: [] }),
  /** Of backend fields, whether they overwrite; null where there is none. */
  constant: fc.option(fc.boolean()),
  asked: fc.option(fc.boolean()),
  accountKind: fc.constantFrom('BUSINESS' as const, 'PERSON' as const),
})
type NewRecord = typeof newRecord extends fc.Arbitrary<infer T> ? T : never

/** Variables of the chat header, for those types of fields that take what they say. */
const variableOf: Record<string, string> = { TEXT: 'Location', CURRENCY: 'Computer' }

function exportedOf(it: RuleCrm, { exported, text }: NewRecord) {
  return Object.entries(exported).flatMap(([type, { variableType, isGiven }]) => {
    const found = typedFields[it.provider][type]
    if (!found) return []
    // What is given by hand must fit; only what a variable says may not.
    const field = type === 'TEXT' ? { ...found, value: text.trim().slice(0, 80) } : found
    const variable = variableOf[type]
    const setting =
      variableType === 'CHAT_VARIABLE' && variable
        ? {
            ...{ name: field.name, variableType, variable },
            ...(it.provider === 'SALESFORCE' && { fieldType: 'TEXT' }),
          }
        : variableType === 'INPUT'
          ? input(field)
          : constant(field)
    return [{ setting, values: variableType === 'INPUT' && isGiven ? [given(field)] : [] }]
  })
}

async function startChat({ running }: RuleCrm, variables: NewRecord['variables']): Promise<string> {
  const chat = {
    ...{ externalId: crypto.randomUUID(), channel: 'CHAT', visitor: { fullName: 'Dana Fox' } },
    variables: Object.entries(variables).map(([name, value]) => ({ name, value })),
  }
  const { startConversation } = await running.execute(
    `mutation ($input: StartConversationInput!) {
      startConversation(input: $input) { ... on ConversationSuccess { conversation { id } } ... on Error { message } }
    }`,
    { input: chat },
  )
  return startConversation.conversation.id
}

async function planOf(it: RuleCrm, conversationId: string, record: object): Promise<Step[]> {
  const { preview } = await it.running.execute(
    `query ($input: PreviewInput!, $record: CreateRecordInput!) {
      preview(input: $input) {
        planRecord(input: $record) {
          ... on Plan { steps { kind entityName values { name raw origin { kind } } } }
          ... on Error { message }
          ... on ValidationError { fields { path message } }
        }
      }
    }`,
    { input: { integrationId: it.org.id, conversationId }, record },
  )
  expect(preview.planRecord).toEqual({ steps: expect.anything() })
  return preview.planRecord.steps
}

/** What differs between any two rows. */
const ofEachRow =
  /^(accountid|Id|PersonContactId|Backchannel_Key__c|LastViewedDate|LastReferencedDate|Name|createdon|modifiedon|versionnumber|CreatedDate|LastModifiedDate|SystemModstamp|.*etag)$/

/** As a row holds what was handed to the CRM. */
function asHeld(raw: unknown, like: unknown): unknown {
  if (Array.isArray(raw)) return raw.join(';')
  if (typeof like === 'number') return Number(raw)
  return typeof like === 'boolean' ? raw === 'true' : raw
}

async function check(it: RuleCrm, random: NewRecord): Promise<void> {
  const { entity, name } = it.names.account
  const isPerson = it.provider === 'SALESFORCE' && random.accountKind === 'PERSON'
  const named = { name: isPerson ? 'LastName' : name, value: `Planned ${crypto.randomUUID().slice(0, 8)}` }
  const common = { ...(it.provider === 'SALESFORCE' && { accountKind: random.accountKind }), allowDuplicate: true }
  await it.settings({})
  const bare = await held(it, entity, await create(it, entity, { values: [named], ...common }))

  const exported = exportedOf(it, random)
  const backendFields = [
    ...(random.constant === null ? [] : [constantOf(it, { overwrite: random.constant })]),
    ...(random.asked === null ? [] : [inputOf(it, { overwrite: random.asked })]),
  ]
  await it.settings({
    exportFields: exported.map(({ setting }) => ({ entityType: entity, ...setting })),
    backendFields,
  })
  const conversationId = await startChat(it, random.variables)
  const wanted = {
    ...{ values: [named, ...exported.flatMap(({ values }) => values)], ...common },
    backendValues: random.asked !== null ? [{ name: it.names.accountField.employees, value: '23' }] : [],
  }
  await it.control.clearCalls()
  const steps = await planOf(it, conversationId, {
    ...{ integrationId: it.org.id, entityTypeId: await entityIdOf(it, entity) },
    ...wanted,
  })
  expect(await writes(it)).toEqual([])

  // The chat goes on: its transcript is not due.
  const created = await create(it, entity, { ...wanted, conversationId })
  expect(await writes(it)).toHaveLength(1)
  const row = await held(it, entity, created)
  const [first, ...others] = steps
  expect(first).toMatchObject({ kind: 'CREATE_RECORD', entityName: entity })
  expect(others.map(({ kind }) => kind)).not.toContain('CREATE_RECORD')
  const planned = new Map(first?.values.map((value) => [value.name, value.raw]))
  const surelySet = exported.filter(({ setting, values }) => setting.variableType === 'CONSTANT' || values.length > 0)
  expect([...planned.keys()]).toEqual(
    expect.arrayContaining([named.name, ...surelySet.map(({ setting }) => setting.name)]),
  )
  for (const [field, raw] of planned) expect(row[field], field).toEqual(asHeld(raw, row[field]))
  for (const field of new Set([...Object.keys(row), ...Object.keys(bare)])) {
    if (!planned.has(field) && !ofEachRow.test(field)) expect(row[field], field).toEqual(bare[field])
  }
}

describe.each(['DYNAMICS', 'SALESFORCE'] as const)('%s', (provider) => {
  test('over random export and backend fields, chat variables and kinds of accounts', async () => {
    await fc.assert(
      fc.asyncProperty(newRecord, (random) => check(rules.crm(provider), random)),
      { numRuns: 10 },
    )
  }, 120_000)
})
