/** One org as the operations see it. */
import { ProviderError } from '../errors.ts'
import type { Deadline } from '../http/index.ts'
import type { EntityKind, FieldValue } from '../model/index.ts'
import type { DataverseClient } from './client.ts'
import { standardTables, type Table } from './entities.ts'
import type { Metadata } from './metadata.ts'
import type { FieldMetadata, TableMetadata } from './metadata-rows.ts'

export interface Org {
  /** Without a trailing slash. */
  origin: string
  client: DataverseClient
  metadata: Metadata
}

/** @throws ProviderError `NOT_FOUND` where the org has no such table */
export async function getTableMetadata(org: Org, name: string, deadline: Deadline): Promise<TableMetadata> {
  const metadata = await org.metadata.find(name, deadline)
  if (metadata === null) {
    throw new ProviderError('NOT_FOUND', {
      message: `The environment has no entity type ${name}.`,
      metadataDoubtful: true,
    })
  }
  return metadata
}

/**
 * A table by name: the three that everybody has without asking, others by metadata. Null where the org lacks it. Columns
 * that the org is known to lack are left out: whoever met one asks for the metadata, and the next call does without it.
 */
export async function findTable(org: Org, name: string, deadline: Deadline): Promise<Table | null> {
  if (org.metadata.isKnownToLack(name)) return null
  const standard = standardTables.get(name)
  if (standard !== undefined) {
    const seen = org.metadata.lastSeen(name)
    if (seen === undefined) return standard
    const table = withoutAbsent(standard, seen)
    // In the background, once it is old: a column may be back.
    if (table !== standard) org.metadata.find(name, deadline).catch(() => {})
    return table
  }
  const metadata = await org.metadata.find(name, deadline)
  return metadata === null ? null : toTable(metadata)
}

/** Every search asks for it, and metadata is the same object until it is read again. */
const present = new WeakMap<TableMetadata, Table>()

function withoutAbsent(table: Table, metadata: TableMetadata): Table {
  const made = present.get(metadata)
  if (made !== undefined) return made
  const names = new Set([...metadata.fields.values()].map(({ column }) => column))
  const keep = (columns: readonly string[]) => columns.filter((column) => names.has(column))
  const all = [...table.phoneFields, ...table.emailFields, ...Object.values(table.columns).flat()]
  const isWhole = names.has('statecode') && [...all, table.accountIdField ?? 'statecode'].every((it) => names.has(it))
  const kept: Table = {
    ...table,
    hasState: names.has('statecode'),
    phoneFields: keep(table.phoneFields),
    emailFields: keep(table.emailFields),
    accountIdField: table.accountIdField !== null && names.has(table.accountIdField) ? table.accountIdField : null,
    columns: Object.fromEntries(
      Object.entries(table.columns).map(([attribute, columns]) => [attribute, keep(columns)]),
    ),
  }
  present.set(metadata, isWhole ? table : kept)
  return isWhole ? table : kept
}

/**
 * The fields by name, as the org describes them.
 *
 * @throws ProviderError `CRM_REJECTED` that names those that the table does not have
 */
export async function getFields(
  org: Org,
  table: Table,
  names: readonly string[],
  deadline: Deadline,
): Promise<FieldMetadata[]> {
  if (names.length === 0) return []
  return fieldsOf(await getTableMetadata(org, table.logicalName, deadline), names)
}

/** @throws ProviderError `CRM_REJECTED` that names those that the table does not have */
export function fieldsOf(metadata: TableMetadata, names: readonly string[]): FieldMetadata[] {
  const unknown = names.filter((name) => !metadata.fields.has(name))
  if (unknown.length > 0) {
    throw new ProviderError('CRM_REJECTED', {
      message: `${metadata.label} has no field ${unknown.join(', ')}.`,
      fields: unknown.map((name) => ({ name, message: `Dynamics 365 has no field ${name} on ${metadata.label}.` })),
      metadataDoubtful: true,
    })
  }
  return names.flatMap((name) => metadata.fields.get(name) ?? [])
}

/** What a table that we know only from metadata can be searched by. */
export function toTable(metadata: TableMetadata): Table {
  const ofType = (type: FieldMetadata['type']) =>
    [...metadata.fields.values()].filter((field) => field.type === type).map((field) => field.name)
  const existing = (column: string) => (metadata.fields.has(column) ? [column] : [])
  const phoneFields = ofType('PHONE')
  const emailFields = ofType('EMAIL')
  return {
    logicalName: metadata.name,
    kind: kindOf(metadata.name),
    setName: metadata.setName,
    idField: metadata.idField,
    nameField: metadata.nameField,
    hasState: metadata.fields.has('statecode'),
    phoneFields,
    emailFields,
    accountIdField: null,
    columns: {
      phone: phoneFields.slice(0, 1),
      email: emailFields.slice(0, 1),
      createdAt: existing('createdon'),
      modifiedAt: existing('modifiedon'),
      description: existing('description'),
      status: existing('statuscode'),
    },
  }
}

export function kindOf(entityName: string): EntityKind {
  return standardTables.get(entityName)?.kind ?? 'CUSTOM'
}

/** Sets of the tables that the values' lookups point to. */
export async function getSetNames(
  org: Org,
  values: readonly FieldValue[],
  deadline: Deadline,
): Promise<ReadonlyMap<string, string>> {
  const setNames = new Map<string, string>()
  for (const { reference } of values) {
    if (reference === null) continue
    const setName = await findSetName(org, reference.entityName, deadline)
    if (setName !== null) setNames.set(reference.entityName, setName)
  }
  return setNames
}

/** Null for a table that the org lacks. */
export async function findSetName(org: Org, entityName: string, deadline: Deadline): Promise<string | null> {
  const standard = standardTables.get(entityName)
  if (standard !== undefined) return standard.setName
  const tables = await org.metadata.list(deadline)
  return tables.find((table) => table.name === entityName)?.setName ?? null
}
