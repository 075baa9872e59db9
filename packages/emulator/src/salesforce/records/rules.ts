/** What single objects do with their rows besides storing them: names, person accounts, tasks (crm-apis.md 2.9, 2.10). */
import { rowError } from '../errors.ts'
import { personAccountFields } from '../metadata/people-objects.ts'
import type { SObject } from '../metadata/schema.ts'
import type { RecordContext } from './context.ts'
import { unwritable } from './input.ts'
import { recordTypeRules } from './record-types.ts'

type Fields = Record<string, unknown>

/** Completes or refuses a row that is about to be stored. `written`: what the caller sent, `row`: all of it. */
export function applyRules(object: SObject, row: Fields, written: Fields, context: RecordContext): void {
  recordTypeRules(object, row, written, context)
  if (object.name === 'Account') accountRules(object, row, written, context)
  if (object.name === 'Contact' || object.name === 'Lead') row.Name = personName(row)
  if (object.name === 'Task') taskRules(object, row, written, context)
  if (object.name === 'Opportunity') row.Probability ??= probabilities[String(row.StageName)] ?? 50
  if (object.name === 'Case' && !row.CaseNumber) {
    row.CaseNumber = String(context.store.nextNumber('CaseNumber')).padStart(8, '0')
  }
}

/** Required fields that this row does without. */
export function isExempt(object: SObject, row: Fields): (name: string) => boolean {
  const isPerson = object.name === 'Account' && row.IsPersonAccount === true
  return (name) => isPerson && name === 'Name'
}

const probabilities: Record<string, number> = {
  Prospecting: 10,
  Qualification: 20,
  'Negotiation/Review': 90,
  'Closed Won': 100,
  'Closed Lost': 0,
}

export function personName(row: Fields): string {
  return [row.FirstName, row.LastName].filter((part) => typeof part === 'string').join(' ')
}

function accountRules(object: SObject, row: Fields, written: Fields, context: RecordContext): void {
  if (!object.fieldNamed('IsPersonAccount')) return
  const recordType = context.store.table('RecordType').get(String(row.RecordTypeId))
  row.IsPersonAccount = recordType?.IsPersonType === true
  if (row.IsPersonAccount) {
    if ('Name' in written) throw unwritable(['Name'])
    if (row.LastName == null) {
      throw rowError('REQUIRED_FIELD_MISSING', 'Required fields are missing: [LastName]', ['LastName'])
    }
    row.Name = personName(row)
    return
  }
  const personal = Object.keys(written).filter((name) => personAccountFields.has(name) && written[name] !== null)
  if (personal.length > 0) throw unwritable(personal)
}

/** The contact row that stands behind a person account. */
export function personContact(account: Fields): Fields {
  return {
    FirstName: account.FirstName ?? null,
    LastName: account.LastName,
    Salutation: account.Salutation ?? null,
    AccountId: account.Id,
    IsPersonAccount: true,
    Email: account.PersonEmail ?? null,
    Phone: account.Phone ?? null,
    MobilePhone: account.PersonMobilePhone ?? null,
    HomePhone: account.PersonHomePhone ?? null,
    Title: account.PersonTitle ?? null,
  }
}

function taskRules(object: SObject, row: Fields, written: Fields, context: RecordContext): void {
  const { WhoId: who, WhatId: what } = row
  const isLead = typeof who === 'string' && context.schema.objectOfId(who)?.name === 'Lead'
  if (isLead && what != null) {
    const label = object.fieldNamed('WhatId')?.label ?? 'WhatId'
    throw rowError('FIELD_INTEGRITY_EXCEPTION', `${label}: a task of a lead can not be related to another record`, [
      'WhatId',
    ])
  }
  const isConverted = isLead && context.store.table('Lead').get(who)?.IsConverted === true
  if (isConverted && 'WhoId' in written) {
    throw rowError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', [])
  }
  row.AccountId = accountOf(what, context) ?? accountOf(who, context)
  row.IsClosed = isClosedStatus(row.Status, context)
}

function accountOf(id: unknown, context: RecordContext): unknown {
  if (typeof id !== 'string') return null
  const target = context.schema.objectOfId(id)
  if (target?.name === 'Account') return id
  return (target && context.store.table(target.name).get(id)?.AccountId) ?? null
}

function isClosedStatus(status: unknown, context: RecordContext): boolean {
  for (const row of context.store.table('TaskStatus').values()) {
    if (row.ApiName === status) return row.IsClosed === true
  }
  return false
}
