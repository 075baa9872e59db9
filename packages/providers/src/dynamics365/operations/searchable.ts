/** One target of a search, made ready: what of the org's fields it looks into, demands and fetches. */
import { ProviderError } from '../../errors.ts'
import type { Deadline } from '../../http/index.ts'
import type { FieldCondition, SearchRequest, SearchTarget } from '../../model/index.ts'
import { conditionTest, type FieldTest, type SearchedFields, searchedFields, termTests } from '../../search/index.ts'
import { standardTables, type Table } from '../entities.ts'
import { toFieldFilter } from '../field-filter.ts'
import { type RowShape, toRowShape } from '../mapper.ts'
import type { FieldMetadata, TableMetadata } from '../metadata-rows.ts'
import { fieldsOf, findTable, type Org } from '../org.ts'

/** A target that the org can be asked for, with what decides in its rows. */
export interface Searchable {
  shape: RowShape
  fields: SearchedFields
  /** Fields that are named by the target: what else they are than the text that an identifier takes them for. */
  named: ReadonlyMap<string, FieldMetadata>
  /** What is asked for a term besides, with the OData that asks it. */
  terms: readonly { test: FieldTest; filter: string }[]
  /** OData of the target's filters and values: all of them hold. */
  conditions: readonly string[]
}

/**
 * Null for a table that the org lacks. Only fields that an identifier of this search is compared with are fetched, and the
 * three tables that everybody has are searched by their own fields without a word about metadata.
 *
 * @throws ProviderError `CRM_REJECTED` that names fields which the table does not have or which cannot hold the value
 */
export async function toSearchable(
  org: Org,
  target: SearchTarget,
  request: SearchRequest,
  deadline: Deadline,
): Promise<Searchable | null> {
  const table = await findTable(org, target.entityName, deadline)
  if (table === null) return null
  const named = namedFields(target)
  const metadata =
    named.length > 0 || target.selection.fields.length > 0 || target.kind === 'CUSTOM'
      ? await org.metadata.find(table.logicalName, deadline)
      : undefined
  if (metadata === null) return null
  const nameField = nameFieldOf(table, target, metadata)
  const fields = searchedFields(request, target, {
    phones: table.phoneFields,
    emails: table.emailFields,
    names: [nameField],
    accountIds: table.accountIdField === null ? [] : [table.accountIdField],
  })
  const described = metadata === undefined ? [] : fieldsOf(metadata, named)
  const byName = new Map(described.map((field) => [field.name, field]))
  const term = request.by.find(({ identifier }) => identifier === 'TERM')?.value
  const termFields = fields.terms.flatMap(({ name }) => byName.get(name) ?? [])
  const tests = term === undefined ? [] : termTests(term, termFields)
  const paths = metadata === undefined ? noPaths : await namePathsOf(org, metadata, described, deadline)
  const terms = tests.flatMap((test) => {
    const field = byName.get(test.field)
    const filter = field === undefined ? null : toFieldFilter(test, field, pathsTo(paths, test))
    return filter === null ? [] : [{ test, filter }]
  })
  const termColumns = terms.flatMap(({ test }) => byName.get(test.field)?.column ?? [])
  const shape = toRowShape({
    table,
    selection: target.selection,
    fields: metadata === undefined ? [] : fieldsOf(metadata, target.selection.fields),
    extra: [...fields.phones, ...fields.emails, ...fields.names, ...fields.accountIds, ...termColumns],
    labelled: terms.some(({ test }) => test.kind === 'LOOKUP'),
    nameField,
    origin: org.origin,
  })
  const conditions = [...(target.filters ?? []), ...(target.values ?? [])].map((condition) =>
    toCondition(condition, byName.get(condition.name), paths),
  )
  return { shape, fields, named: byName, terms, conditions }
}

function namedFields({ termFields, identifierFields, filters, values }: SearchTarget): string[] {
  const all = [termFields, filters, values, ...Object.values(identifierFields ?? {})].flatMap((fields) => fields ?? [])
  return [...new Set(all.map(({ name }) => name))]
}

/** The setting's primary field, where the org still has it as a text; otherwise the table's own. */
function nameFieldOf(table: Table, target: SearchTarget, metadata: TableMetadata | undefined): string {
  const primaryField = target.kind === 'CUSTOM' ? target.primaryField : undefined
  if (primaryField === undefined || metadata?.fields.get(primaryField)?.maxLength == null) return table.nameField
  return primaryField
}

/** Where the targets of a lookup keep their names, by lookup and target. */
type NamePaths = ReadonlyMap<string, ReadonlyMap<string, string>>

const noPaths: NamePaths = new Map()

async function namePathsOf(
  org: Org,
  metadata: TableMetadata,
  fields: readonly FieldMetadata[],
  deadline: Deadline,
): Promise<NamePaths> {
  const lookups = fields.filter(({ type }) => type === 'LOOKUP')
  const paths = lookups.map(async ({ name, targets }) => {
    const ways = targets.map(async (target): Promise<[string, string][]> => {
      const property = metadata.navigation.get(`${name} ${target}`)
      if (property === undefined) return []
      const nameField = standardTables.get(target)?.nameField ?? (await org.metadata.find(target, deadline))?.nameField
      return nameField === undefined ? [] : [[target, `${property}/${nameField}`]]
    })
    return [name, new Map((await Promise.all(ways)).flat())] as const
  })
  return new Map(await Promise.all(paths))
}

function pathsTo(paths: NamePaths, test: FieldTest): string[] {
  const ways = paths.get(test.field)
  if (ways === undefined) return []
  const only = test.kind === 'LOOKUP' ? test.relatedEntity : null
  return only === null ? [...ways.values()] : [...ways].flatMap(([target, path]) => (target === only ? [path] : []))
}

function toCondition(condition: FieldCondition, field: FieldMetadata | undefined, paths: NamePaths): string {
  const test = field === undefined ? null : conditionTest(condition, field)
  const filter = field === undefined || test === null ? null : toFieldFilter(test, field, pathsTo(paths, test))
  if (filter !== null) return filter
  const { name } = condition
  const message = `${field?.label ?? name} cannot hold this value.`
  // An option may be newer than what we know, and the type newer than what the caller knows.
  const metadataDoubtful = field !== undefined && (condition.type !== field.type || field.options.length > 0)
  throw new ProviderError('CRM_REJECTED', { message, fields: [{ name, message }], metadataDoubtful })
}
