/** Whatever is set and said: what a preview plans is what the CRM is asked for, call by call. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { end, say } from '../gateway/conversing.ts'
import { accountOf, constantOf, industries, inputOf } from '../rules/support/backend-settings.ts'
import { writes } from '../rules/support/forms.ts'
import { type ActivityTable, converse, heldOf, makeRecord, rowOf, settled, tagTo } from '../rules/support/pushing.ts'
import { openRules, type RuleCrm } from '../rules/support/rules.ts'

const rules = openRules()

interface Step {
  kind: string
  entityName: string
  subject: string | null
  body: string | null
  values: { name: string; raw: unknown; origin: { kind: string } }[]
}

/** A setting of a backend field, or none. */
const backendField = fc.option(
  fc.record({ variableType: fc.constantFrom('CONSTANT', 'INPUT'), overwrite: fc.boolean() }),
)

const world = fc.record({
  channel: fc.constantFrom('CHAT' as const, 'SMS' as const),
  texts: fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 3 }),
  industry: backendField,
  employees: backendField,
  /** What the record holds before. */
  filled: fc.boolean(),
  given: fc.record({ industry: fc.boolean(), employees: fc.boolean() }),
  dynamics: fc.record({
    target: fc.constantFrom(
      { chatsSaveTo: 'NOTES', activityTypeName: null },
      { chatsSaveTo: 'TASK', activityTypeName: 'task' },
      { chatsSaveTo: 'CUSTOM_ACTIVITY', activityTypeName: 'new_chatsession' },
    ),
    allowActivityClosing: fc.boolean(),
  }),
  salesforce: fc.record({
    subjectSuffix: fc.constantFrom(null, 'Web', 'x'.repeat(60)),
    allowActivitySubjectChange: fc.boolean(),
    subject: fc.constantFrom(null, 'CONSTANT', 'INPUT'),
  }),
})
/** What looks like markup is text too. */
const markup = [
  { chatsSaveTo: 'NOTES', activityTypeName: null },
  { chatsSaveTo: 'TASK', activityTypeName: 'task' },
].map(
  (target): World => ({
    ...{ channel: 'SMS', texts: ['a < b', 'c > d & e &amp; f'], industry: null, employees: null, filled: false },
    given: { industry: false, employees: false },
    dynamics: { target, allowActivityClosing: false } as World['dynamics'],
    salesforce: { subjectSuffix: null, allowActivitySubjectChange: false, subject: null },
  }),
)

type World = typeof world extends fc.Arbitrary<infer T> ? T : never

function settingsOf(it: RuleCrm, { dynamics, salesforce, industry, employees }: World): Record<string, unknown> {
  const { one } = industries[it.provider]
  const { value, ...unlabelled } = constantOf(it, { value: one.value })
  const number = it.provider === 'DYNAMICS' ? 'WHOLE_NUMBER' : 'CURRENCY'
  const backendFields: object[] = []
  if (industry?.variableType === 'CONSTANT') backendFields.push({ ...unlabelled, ...industry, value })
  if (industry?.variableType === 'INPUT') backendFields.push({ ...unlabelled, ...industry, label: 'Trade' })
  if (employees?.variableType === 'INPUT') backendFields.push(inputOf(it, employees))
  if (employees?.variableType === 'CONSTANT') {
    const { employees: name } = it.names.accountField
    backendFields.push({ entityType: accountOf(it), name, fieldType: number, value: '17', ...employees })
  }
  if (it.provider === 'DYNAMICS') {
    return { ...dynamics.target, allowActivityClosing: dynamics.allowActivityClosing, backendFields }
  }
  const { subject: variableType, ...options } = salesforce
  const subject = { target: 'ACTIVITY', name: 'Subject', fieldType: 'OPTION_SET', variableType }
  if (variableType === 'CONSTANT') backendFields.push({ ...subject, value: 'Call' })
  if (variableType === 'INPUT') backendFields.push({ ...subject, label: 'Topic' })
  return { ...options, backendFields }
}

/** Values for those inputs that are asked and shall be given. */
function givenOf(it: RuleCrm, { industry, employees, given, salesforce }: World): { name: string; value: string }[] {
  const { name, one } = industries[it.provider]
  const asksSubject = salesforce.allowActivitySubjectChange && salesforce.subject === 'INPUT'
  return [
    ...(industry?.variableType === 'INPUT' && given.industry ? [{ name, value: one.value }] : []),
    ...(employees?.variableType === 'INPUT' && given.employees
      ? [{ name: it.names.accountField.employees, value: '23' }]
      : []),
    ...(it.provider === 'SALESFORCE' && asksSubject ? [{ name: 'Subject', value: 'Other' }] : []),
  ]
}

async function planOf(it: RuleCrm, conversationId: string, recordId: string, backendValues: object[]): Promise<Step[]> {
  const { preview } = await it.running.execute(
    `query ($input: PreviewInput!, $recordIds: [ID!]!, $backendValues: [FieldValueInput!]) {
      preview(input: $input) {
        planPush(recordIds: $recordIds, backendValues: $backendValues) {
          ... on Plan { steps { kind entityName subject body values { name raw origin { kind } } } }
          ... on Error { message }
        }
      }
    }`,
    { input: { integrationId: it.org.id, conversationId }, recordIds: [recordId], backendValues },
  )
  return preview.planPush.steps
}

const tables: Record<string, ActivityTable> = { NOTE: 'annotation', new_chatsession: 'new_chatsession' }
const tableOf = (it: RuleCrm, name: string): ActivityTable =>
  tables[name] ?? (it.provider === 'DYNAMICS' ? 'task' : 'Task')

const plain = (text: string | null) => (text ?? '').replaceAll(/\s+/g, ' ').trim()

/** The text of a note, which is rich text, as a person reads it. */
const wordsOf = (richText: string | null) =>
  plain((richText ?? '').replaceAll(/<[^>]*>/g, ' ').replaceAll(/&(\w+|#\d+);/g, (it) => entities[it] ?? ' '))
const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }

async function check(it: RuleCrm, given: World): Promise<void> {
  const { name } = industries[it.provider]
  await it.settings(
    given.filled ? { backendFields: [constantOf(it, { value: industries[it.provider].other.value })] } : {},
  )
  const record = await makeRecord(it)
  await it.settings(settingsOf(it, given))
  const conversation = await converse(it, given.channel, { runs: true })
  for (const text of given.texts) await say(it.running, conversation, text)
  if (given.channel === 'CHAT') await end(it.running, conversation)
  const before = await rowOf(it, record)

  const backendValues = givenOf(it, given)
  await it.control.clearCalls()
  const steps = await planOf(it, conversation.id, record.id, backendValues)
  expect(await writes(it)).toEqual([])

  await tagTo(it, conversation, [record], { backendValues })
  const pushes = await settled(it, conversation, given.texts.length + 1)
  expect(pushes).toHaveLength(1)

  const created = steps.filter(({ kind }) => kind === 'CREATE_ACTIVITY')
  const closed = steps.filter(({ kind }) => kind === 'CLOSE_ACTIVITY')
  const [update, ...others] = steps.filter(({ kind }) => kind === 'UPDATE_RECORD')
  expect(others).toEqual([])
  expect(created).toHaveLength(1)
  for (const step of created) {
    const [held, ...more] = await heldOf(it, tableOf(it, step.entityName), conversation)
    expect(more).toEqual([])
    expect(held).toMatchObject({ subject: step.subject, regarding: record.remoteId })
    const body = held?.body ?? null
    expect(step.entityName === 'NOTE' ? wordsOf(body) : plain(body)).toBe(plain(step.body))
    if (it.provider === 'DYNAMICS' && step.entityName !== 'NOTE') expect(held?.state).toBe(closed.length > 0 ? 1 : 0)
  }

  const after = await rowOf(it, record)
  const values = update?.values ?? []
  for (const field of [name, it.names.accountField.employees]) {
    const planned = values.find((value) => value.name === field)
    expect(String(after[field])).toBe(String(planned ? planned.raw : before[field]))
  }
  const isWritten = values.some(({ origin }) => origin.kind !== 'KEPT')
  expect(await writes(it)).toHaveLength(created.length + closed.length + (isWritten ? 1 : 0))
}

describe.each(['DYNAMICS', 'SALESFORCE'] as const)('%s', (provider) => {
  test('over random settings, conversations and records', async () => {
    await fc.assert(
      fc.asyncProperty(world, (given) => check(rules.crm(provider), given)),
      { numRuns: 12, examples: markup.map((given) => [given]) },
    )
  }, 120_000)
})
