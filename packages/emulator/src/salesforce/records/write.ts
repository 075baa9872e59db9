import type { Row } from '../../store.ts'
import { rowError } from '../errors.ts'
import { makeId } from '../ids.ts'
import type { SObject } from '../metadata/schema.ts'
import { toSalesforceTime } from '../times.ts'
import type { RecordContext } from './context.ts'
import { checkDuplicates } from './duplicates.ts'
import { checkRequired, type RecordInput, readInput } from './input.ts'
import { applyRules, isExempt, personContact, personName } from './rules.ts'
import { defaultOf, rowsWith } from './values.ts'

/** Creates a row and answers its id; throws row errors and changes nothing then. */
export function createRecord(object: SObject, input: RecordInput, context: RecordContext): string {
  return context.store.transaction(() => {
    const written = readInput(input, object, 'create', context)
    const row: Record<string, unknown> = { Id: makeId(object.keyPrefix, context.store.nextNumber(object.name)) }
    for (const field of object.fields) {
      const value = written[field.name] ?? defaultOf(field)
      if (value !== null) row[field.name] = value
    }
    if (object.fieldNamed('OwnerId')) row.OwnerId ??= context.userId
    applyRules(object, row, written, context)
    const names = object.fields.map((field) => field.name)
    checkRequired(row, object, names, (name) => name === 'OwnerId' || isExempt(object, row)(name))
    checkUnique(object, row, names, context)
    checkDuplicates(object, row, context)
    const stamp = toSalesforceTime(context.now)
    Object.assign(row, {
      IsDeleted: false,
      CreatedDate: stamp,
      CreatedById: context.userId,
      ...modification(context),
    })
    if (object.name === 'Account' && row.IsPersonAccount === true) {
      row.PersonContactId = makeId('003', context.store.nextNumber('Contact'))
      putPersonContact(row, context)
    }
    context.store.put(object.name, String(row.Id), row)
    return String(row.Id)
  })
}

/** Changes a row; throws row errors and changes nothing then. */
export function updateRecord(object: SObject, before: Row, input: RecordInput, context: RecordContext): void {
  context.store.transaction(() => {
    if (object.name === 'Lead' && before.IsConverted === true) {
      throw rowError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', [])
    }
    const written = readInput(input, object, 'update', context)
    const row: Record<string, unknown> = { ...before, ...written }
    for (const name of Object.keys(written))
      if (row[name] === null && object.fieldNamed(name)?.type === 'boolean') row[name] = false
    applyRules(object, row, written, context)
    checkRequired(row, object, Object.keys(written), isExempt(object, row))
    checkUnique(object, row, Object.keys(written), context)
    if ('Email' in written || 'LastName' in written) checkDuplicates(object, row, context)
    Object.assign(row, modification(context))
    if (object.name === 'Account' && row.IsPersonAccount === true) putPersonContact(row, context)
    context.store.put(object.name, String(row.Id), row)
  })
}

/** Moves a row to the recycle bin; `queryAll` still sees it. */
export function deleteRecord(object: SObject, row: Row, context: RecordContext): void {
  context.store.transaction(() => {
    const deleted = { IsDeleted: true, ...modification(context) }
    context.store.put(object.name, String(row.Id), { ...row, ...deleted })
    const contact = context.store.table('Contact').get(String(row.PersonContactId))
    if (contact) context.store.put('Contact', String(contact.Id), { ...contact, ...deleted })
  })
}

const modification = (context: RecordContext) => ({
  LastModifiedDate: toSalesforceTime(context.now),
  LastModifiedById: context.userId,
  SystemModstamp: toSalesforceTime(context.now),
})

function putPersonContact(account: Record<string, unknown>, context: RecordContext): void {
  const id = String(account.PersonContactId)
  const before = context.store.table('Contact').get(id)
  const fields = personContact(account)
  context.store.put('Contact', id, {
    IsDeleted: false,
    OwnerId: account.OwnerId,
    CreatedDate: toSalesforceTime(context.now),
    CreatedById: context.userId,
    DoNotCall: false,
    ...before,
    ...fields,
    Id: id,
    Name: personName(fields),
    ...modification(context),
  })
}

function checkUnique(
  object: SObject,
  row: Record<string, unknown>,
  names: Iterable<string>,
  context: RecordContext,
): void {
  for (const name of names) {
    const value = row[name]
    if (!object.fieldNamed(name)?.unique || typeof value !== 'string') continue
    const other = rowsWith(context, object.name, name, value).find((one) => one.Id !== row.Id)
    if (other) {
      throw rowError(
        'DUPLICATE_VALUE',
        `duplicate value found: ${name} duplicates value on record with id: ${String(other.Id)}`,
        [],
      )
    }
  }
}
