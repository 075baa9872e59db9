/** Record types of objects: which a row has, and which picklist values it may have then (crm-apis.md 2.4, 2.7). */
import type { Row, Store } from '../../store.ts'
import { rowError } from '../errors.ts'
import type { FieldDefinition } from '../metadata/definition.ts'
import type { SObject } from '../metadata/schema.ts'
import type { RecordContext } from './context.ts'

/** The record types that an object has in this org, its default first. */
export function recordTypesOf(object: SObject, store: Pick<Store, 'table'>): Row[] {
  const hasPersons = object.fieldNamed('IsPersonAccount') !== undefined
  return [...store.table('RecordType').values()].filter(
    (row) => row.SobjectType === object.name && (hasPersons || row.IsPersonType !== true),
  )
}

/** The values of a picklist that rows of this record type may have. */
export function valuesFor(object: SObject, field: FieldDefinition, developerName: unknown) {
  const offered = object.picklistsByRecordType[String(developerName)]?.[field.name]
  return field.picklistValues.filter(({ active, value }) => active && (offered?.includes(value) ?? true))
}

/** Gives a row its record type, and refuses values of restricted picklists that this one does not offer. */
export function recordTypeRules(
  object: SObject,
  row: Record<string, unknown>,
  written: Record<string, unknown>,
  context: RecordContext,
): void {
  if (!object.fieldNamed('RecordTypeId')) return
  const recordTypes = recordTypesOf(object, context.store)
  row.RecordTypeId ??= recordTypes[0]?.Id ?? null
  const { RecordTypeId: id } = row
  const recordType = recordTypes.find(({ Id }) => Id === id)
  if (typeof id === 'string' && !recordType) {
    const message = `Record Type ID: this ID value isn't valid for the user: ${id}`
    throw rowError('INVALID_CROSS_REFERENCE_KEY', message, ['RecordTypeId'])
  }
  for (const [name, value] of Object.entries(written)) {
    const field = object.fieldNamed(name)
    if (!field?.restrictedPicklist || typeof value !== 'string') continue
    const offered = new Set(valuesFor(object, field, recordType?.DeveloperName).map((one) => one.value))
    const chosen = field.type === 'multipicklist' ? value.split(';') : [value]
    const bad = chosen.find((one) => !offered.has(one))
    if (bad === undefined) continue
    const message = `${field.label}: bad value for restricted picklist field: ${bad}`
    throw rowError('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [field.name])
  }
}
