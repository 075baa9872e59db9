/** What the org has: tables, fields, options, navigation properties. Cached per provider. */
import { type Deadline, startDeadline } from '../http/index.ts'
import { type DataverseClient, readObject, readRows } from './client.ts'
import { createMetadataCache } from './metadata-cache.ts'
import { type TableMetadata, type TableSummary, toTableMetadata, toTableSummary } from './metadata-rows.ts'
import { isName, toQueryString, toStringLiteral } from './odata.ts'

export interface Metadata {
  list(deadline: Deadline): Promise<TableSummary[]>
  /** One table with its fields; null where the org has none of that name. */
  find(name: string, deadline: Deadline): Promise<TableMetadata | null>
  /** The same from the org itself, whatever is known. */
  findAnew(name: string, deadline: Deadline): Promise<TableMetadata | null>
  /** The table as it was read last, however old, also while it is read anew; undefined where it was not. */
  lastSeen(name: string): TableMetadata | undefined
  /** Whether the org is known to lack the table, without asking. */
  isKnownToLack(name: string): boolean
  /** What was kept of this table is wrong: a call met something else. */
  forget(name: string): void
}

const freshMs = 10 * 60_000
/** A table that somebody is about to add is looked for again soon. */
const absentMs = 30_000
/** Shared by all who wait, so none of their deadlines counts. */
const loadTimeoutMs = 30_000

const summarySelect = 'LogicalName,EntitySetName,DisplayName,IsActivity'
const tableSelect = `${summarySelect},PrimaryIdAttribute,PrimaryNameAttribute,HasNotes,HasActivities`
const attributeSelect =
  'LogicalName,AttributeType,AttributeTypeName,AttributeOf,RequiredLevel,IsValidForCreate,IsValidForUpdate,IsValidForRead,DisplayName'

/** What only an attribute's own type tells. There is no cast to the base of all choices (crm-apis.md 1.8). */
const detailCasts: readonly [type: string, select: string, expand?: string][] = [
  ['String', 'LogicalName,MaxLength,FormatName'],
  ['Memo', 'LogicalName,MaxLength'],
  ['Integer', 'LogicalName,MinValue,MaxValue'],
  ['Decimal', 'LogicalName,MinValue,MaxValue,Precision'],
  ['Double', 'LogicalName,MinValue,MaxValue,Precision'],
  ['Money', 'LogicalName,MinValue,MaxValue,Precision'],
  ['DateTime', 'LogicalName,Format,DateTimeBehavior'],
  ['Lookup', 'LogicalName,Targets'],
  ['Picklist', 'LogicalName', 'OptionSet,GlobalOptionSet'],
  ['MultiSelectPicklist', 'LogicalName', 'OptionSet,GlobalOptionSet'],
  ['Boolean', 'LogicalName', 'OptionSet'],
  ['State', 'LogicalName', 'OptionSet'],
  ['Status', 'LogicalName', 'OptionSet'],
]

export function createMetadata(client: DataverseClient, now: () => number): Metadata {
  const lists = createMetadataCache({ load: loadList, freshMs: () => freshMs, now })
  const seen = new Map<string, TableMetadata>()
  const tables = createMetadataCache({
    load: async (name: string) => {
      const table = await loadTable(name)
      if (table === null) seen.delete(name)
      else seen.set(name, table)
      return table
    },
    freshMs: (table: TableMetadata | null) => (table === null ? absentMs : freshMs),
    now,
  })

  async function loadList(): Promise<TableSummary[]> {
    const path = `EntityDefinitions${toQueryString({ $select: summarySelect })}`
    const answer = await client.send(
      { operation: 'describe', method: 'GET', path, headers: { consistency: 'Strong' } },
      startDeadline({ timeoutMs: loadTimeoutMs }),
    )
    return readRows(answer.body).flatMap((row) => toTableSummary(row) ?? [])
  }

  async function loadTable(name: string): Promise<TableMetadata | null> {
    const root = `EntityDefinitions(LogicalName=${toStringLiteral(name)})`
    const [definition, attributes, relationships, ...details] = await client.read(
      'describe',
      [
        { path: root + toQueryString({ $select: tableSelect }) },
        { path: `${root}/Attributes${toQueryString({ $select: attributeSelect })}` },
        {
          path: `${root}/ManyToOneRelationships${toQueryString({ $select: 'ReferencedEntity,ReferencingAttribute,ReferencingEntityNavigationPropertyName' })}`,
        },
        ...detailCasts.map(([type, $select, $expand]) => ({
          path: `${root}/Attributes/Microsoft.Dynamics.CRM.${type}AttributeMetadata${toQueryString({ $select, $expand })}`,
        })),
      ].map((query) => ({ ...query, strong: true })),
      startDeadline({ timeoutMs: loadTimeoutMs }),
    )
    if (definition === undefined || attributes === undefined) return null
    if (definition.error?.code === 'NOT_FOUND' || definition.error?.code === 'CRM_REJECTED') return null
    if (definition.error !== null) throw definition.error
    if (attributes.error !== null) throw attributes.error
    return toTableMetadata({
      definition: readObject(definition.body),
      attributes: readRows(attributes.body),
      relationships: relationships?.body == null ? [] : readRows(relationships.body),
      // A version that lacks one of the casts still describes the rest.
      details: details.flatMap((detail) => (detail.body === null ? [] : readRows(detail.body))),
    })
  }

  return {
    list: (deadline) => lists.get('', deadline),
    find: async (name, deadline) => (isTableName(name) ? tables.get(name, deadline) : null),
    async findAnew(name, deadline) {
      if (!isTableName(name)) return null
      // What is doubted of one table may be that it is there.
      lists.forget('')
      return tables.getAnew(name, deadline)
    },
    lastSeen: (name) => seen.get(name),
    isKnownToLack(name) {
      const table = tables.peek(name)
      if (table !== undefined) return table === null
      const listed = lists.peek('')
      return listed !== undefined && !listed.some((summary) => summary.name === name)
    },
    forget: (name) => tables.forget(name),
  }
}

function isTableName(text: string): boolean {
  return isName(text) && !text.includes('/')
}
