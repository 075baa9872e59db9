import { refused, rowError } from '../errors.ts'
import type { SObject } from '../metadata/schema.ts'
import type { RecordContext } from './context.ts'
import { rowsWith, toStored } from './values.ts'

export type RecordInput = Record<string, unknown>

/** Refused fields, as the platform words it for read-only and hidden ones alike. */
export function unwritable(names: string[]) {
  return rowError(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${names.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    names,
  )
}

/**
 * The fields that a body writes, under their real names and as rows keep them. A lookup may be given as the related row's
 * external id: `{"Account":{"AccountNumber":"A-1"}}`.
 */
export function readInput(
  input: RecordInput,
  object: SObject,
  mode: 'create' | 'update',
  context: RecordContext,
): Record<string, unknown> {
  const written: Record<string, unknown> = {}
  const forbidden: string[] = []
  for (const [key, value] of Object.entries(input)) {
    if (key === 'attributes') continue
    if (key.toLowerCase() === 'id') {
      throw refused('INVALID_FIELD', 'The Id field should not be specified in the sobject data.')
    }
    const field = object.fieldNamed(key)
    if (field && !(mode === 'create' ? field.createable : field.updateable)) {
      forbidden.push(field.name)
    } else if (field) {
      written[field.name] = toStored(value, field, context)
    } else {
      const [name, id] = readRelated(key, value, object, context)
      written[name] = id
    }
  }
  if (forbidden.length > 0) throw unwritable(forbidden)
  return written
}

function readRelated(key: string, value: unknown, object: SObject, context: RecordContext): [string, string] {
  const lookup = object.relationshipNamed(key)
  if (!lookup || typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused('INVALID_FIELD', `No such column '${key}' on sobject of type ${object.name}`)
  }
  const { attributes, ...rest } = value as Record<string, unknown>
  const type = (attributes as { type?: unknown } | undefined)?.type ?? lookup.referenceTo[0]
  if (attributes === undefined && lookup.referenceTo.length > 1) {
    throw refused(
      'JSON_PARSER_ERROR',
      'Nested object for polymorphic foreign key must have an attributes field before any other fields.',
    )
  }
  const target = typeof type === 'string' ? context.schema.objectNamed(type) : undefined
  const [[name = '', wanted] = []] = Object.entries(rest)
  const field = target?.fieldNamed(name)
  if (!target || !field?.idLookup) {
    throw refused('INVALID_FIELD', `Foreign key external ID: ${String(wanted)} not found for field ${name}`)
  }
  const rows = rowsWith(context, target.name, field.name, String(wanted))
  if (rows.length !== 1) {
    throw refused(
      'INVALID_FIELD',
      rows.length === 0
        ? `Foreign key external ID: ${String(wanted)} not found for field ${field.name} in entity ${target.name}`
        : `More than one record found for external id field: [${rows.map((row) => String(row.Id)).join(', ')}]`,
    )
  }
  return [lookup.name, String(rows[0]?.Id)]
}

/** Refuses a row that lacks what it must have. `isExempt` names what this kind of row does without. */
export function checkRequired(
  row: Record<string, unknown>,
  object: SObject,
  names: Iterable<string>,
  isExempt: (name: string) => boolean,
): void {
  const wanted = new Set(names)
  const missing = object.fields.filter(
    (field) =>
      wanted.has(field.name) && field.createable && !field.nillable && row[field.name] == null && !isExempt(field.name),
  )
  if (missing.length === 0) return
  const fields = missing.map((field) => field.name)
  throw rowError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${fields.join(', ')}]`, fields)
}
