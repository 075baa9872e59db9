import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BackendField, defaultSalesforceOptions, type SalesforceOptions } from '../integrations/settings.ts'
import { encodeId } from '../shared/global-id.ts'
import { checked, testIntegration } from '../testing/integration.ts'
import { planHeading, subjectOf } from './subject.ts'

const visitor = {
  externalId: null,
  firstName: null,
  lastName: null,
  fullName: 'Dana\nFox',
  phone: null,
  email: null,
  accountId: null,
}
const field: BackendField = {
  ...checked,
  id: 'subject',
  target: 'ACTIVITY',
  entityTypeId: null,
  name: 'Subject',
  variableType: 'CONSTANT',
  fieldType: 'OPTION_SET',
  value: 'Call',
  values: null,
  lookupValue: null,
  label: null,
  lookup: null,
  overwrite: true,
  position: 0,
}

function planned(
  options: Partial<SalesforceOptions>,
  backendFields: BackendField[] = [],
  chosen: string | null = null,
) {
  return planHeading({
    integration: testIntegration(
      'SALESFORCE',
      {},
      { salesforce: { ...defaultSalesforceOptions, ...options }, backendFields },
    ),
    workspace: { timeZone: 'UTC', brand: 'Alive' },
    conversation: { channel: 'SMS', startedAt: new Date('2026-01-31T12:00:00Z'), visitor },
    chosen,
  })
}

const usual = 'Alive SMS with Dana Fox, 2026-01-31'

describe('the title', () => {
  test('the default stands where the subject may not change, even with a subject field', () => {
    expect(planned({}, [field])).toMatchObject({ heading: { title: usual }, warnings: [] })
  })

  test('a constant, and what the agent chose, take its place', () => {
    const on = { allowActivitySubjectChange: true }
    expect(planned(on, [field]).heading.title).toBe('Call')
    expect(planned(on, [{ ...field, variableType: 'INPUT' }], 'Email').heading.title).toBe('Email')
    expect(planned(on, [{ ...field, variableType: 'INPUT' }], null)).toMatchObject({
      heading: { title: usual },
      warnings: [],
    })
  })

  test.each([
    ['there is no field', []],
    ['it has no value', [{ ...field, value: ' ' }]],
    ['it is broken', [{ ...field, check: 'BROKEN' as const, problem: 'The org has no such field.' }]],
  ])('the default stands, with a warning, where %s', (_case, fields) => {
    const { heading, warnings } = planned({ allowActivitySubjectChange: true }, fields)
    expect(heading.title).toBe(usual)
    const settingId = fields.length === 0 ? expect.any(String) : encodeId('BackendField', 'subject')
    expect(warnings).toMatchObject([{ code: 'DEFAULT_SUBJECT', settingId }])
  })
})

describe('the suffix', () => {
  test.each([
    [null, usual],
    ['  ', usual],
    [' Web ', `${usual} | Web`],
  ])('%j makes %j', (subjectSuffix, subject) => {
    expect(subjectOf(planned({ subjectSuffix }).heading, 1, 255)).toBe(subject)
  })

  test('A-44: what is cut at the limit is the title; every part says which one it is, before the suffix', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 400 })
    fc.assert(
      fc.property(
        text,
        fc.string({ minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 99 }),
        (title, suffix, part) => {
          const subject = subjectOf({ title, suffix }, part, 100)
          expect(subject.length).toBeLessThanOrEqual(100)
          expect(subject.endsWith(` | ${suffix}`)).toBe(true)
          if (part > 1) expect(subject).toContain(`(part ${part}) | `)
        },
      ),
    )
  })
})
