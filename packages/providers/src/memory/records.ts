/** Rows of the in-memory org and what becomes of them. */
import { ProviderError } from '../errors.ts'
import type {
  CrmRecord,
  FieldDescriptor,
  FieldValue,
  RecordAttribute,
  RecordFieldValue,
  RecordSelection,
} from '../model/index.ts'
import type { MemoryEntity } from './entities.ts'

/** One row: texts by the CRM's own field names. */
export interface MemoryRow {
  entityName: string
  remoteId: string
  values: Record<string, string | null>
  createdAt: string
  modifiedAt: string
  /** Counts the changes. */
  version: number
}

/** @throws ProviderError CRM_REJECTED for a field that the entity type does not have */
export function toCrmRecord(row: MemoryRow, entity: MemoryEntity, selection: RecordSelection, url: string): CrmRecord {
  const value = (attribute: RecordAttribute): string | null =>
    selection.attributes.includes(attribute) ? attributeOf(row, entity, attribute) : null
  return {
    entityName: row.entityName,
    kind: entity.descriptor.kind,
    remoteId: row.remoteId,
    name: nameOf(row, entity),
    phone: value('phone'),
    email: value('email'),
    url,
    createdAt: selection.attributes.includes('createdAt') ? row.createdAt : null,
    modifiedAt: selection.attributes.includes('modifiedAt') ? row.modifiedAt : null,
    version: selection.attributes.includes('version') ? String(row.version) : null,
    firstName: value('firstName'),
    lastName: value('lastName'),
    company: value('company'),
    status: value('status'),
    accountNumber: value('accountNumber'),
    description: value('description'),
    isPersonAccount: false,
    account: null,
    fields: Object.fromEntries(selection.fields.map((name) => [name, fieldOf(row, entity, name)])),
  }
}

/** Person entity types name their rows by first and last name, unless the primary field was given. */
export function nameOf(row: MemoryRow, entity: MemoryEntity): string {
  const given = attributeOf(row, entity, 'name')
  if (given !== null) return given
  const parts = [attributeOf(row, entity, 'firstName'), attributeOf(row, entity, 'lastName')]
  return parts.filter((part) => part !== null).join(' ')
}

function attributeOf(row: MemoryRow, entity: MemoryEntity, attribute: RecordAttribute | 'name'): string | null {
  const field = entity.attributes[attribute]
  return field === undefined ? null : (row.values[field] ?? null)
}

/** The names of all fields of a type. */
export function fieldsOfType({ descriptor }: MemoryEntity, type: FieldDescriptor['type']): string[] {
  return descriptor.fields.filter((field) => field.type === type).map(({ name }) => name)
}

/** What the values come to, or the refusal that a CRM would give. */
export function checkedValues(
  entity: MemoryEntity,
  values: readonly FieldValue[],
  options: { creating: boolean },
): Record<string, string | null> {
  const texts = Object.fromEntries(
    values.map((value) => [value.name, value.values?.join(';') ?? value.reference?.remoteId ?? value.value]),
  )
  const faults = Object.entries(texts).flatMap(([name, text]) => {
    const field = entity.descriptor.fields.find((candidate) => candidate.name === name)
    if (field === undefined) return [{ name, message: `There is no field ${name}.` }]
    if (field.maxLength !== null && (text?.length ?? 0) > field.maxLength) {
      return [{ name, message: `${field.label} holds at most ${field.maxLength} characters.` }]
    }
    return []
  })
  const metadataDoubtful = values.some(({ name }) => !isField(entity, name))
  const missing = options.creating
    ? entity.descriptor.fields.filter(({ required, name }) => required && !texts[name])
    : []
  faults.push(...missing.map(({ name, label }) => ({ name, message: `${label} is required.` })))
  if (faults.length > 0) {
    const message = faults.map((fault) => fault.message).join(' ')
    throw new ProviderError('CRM_REJECTED', { message, fields: faults, metadataDoubtful })
  }
  return texts
}

function isField({ descriptor }: MemoryEntity, name: string): boolean {
  return descriptor.fields.some((field) => field.name === name)
}

function fieldOf(row: MemoryRow, entity: MemoryEntity, name: string): RecordFieldValue {
  const field = entity.descriptor.fields.find((candidate) => candidate.name === name)
  if (field === undefined) {
    const message = `There is no field ${name}.`
    throw new ProviderError('CRM_REJECTED', { message, fields: [{ name, message }], metadataDoubtful: true })
  }
  const value = row.values[name] ?? null
  return { name, type: field.type, value, raw: value, reference: null }
}
