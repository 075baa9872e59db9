/** The lists of settings in the database: only rows that differ are written. */
import { Prisma } from '../generated/prisma/client.ts'
import type { BackendField, Checked, ExportField, ShownField } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'

/** @param altered the ids of the rows whose content changes */
export async function keepLists(
  transaction: Prisma.TransactionClient,
  { settings: before }: IntegrationSnapshot,
  { workspaceId, id: integrationId, settings: after }: IntegrationSnapshot,
  altered: ReadonlySet<string>,
): Promise<void> {
  const own = { workspaceId, integrationId }
  const write = async <Row extends CheckedRow, Data extends object>(
    [was, is]: readonly [readonly Row[], readonly Row[]],
    toData: (row: Row) => Data,
    table: Table<Data>,
  ) => {
    const { removed, added, changed } = difference(was, is, toData, altered)
    if (removed.length > 0) await table.deleteMany({ where: { workspaceId, id: { in: removed } } })
    for (const { id, data } of changed) await table.updateMany({ where: { workspaceId, id }, data })
    if (added.length > 0) await table.createMany({ data: added.map(({ id, data }) => ({ ...data, ...own, id })) })
  }
  await write([before.exportFields, after.exportFields], exportData, transaction.exportField)
  await write([before.searchFields, after.searchFields], shownData, transaction.searchField)
  await write([before.detailFields, after.detailFields], shownData, transaction.detailField)
  await write([before.backendFields, after.backendFields], backendData, transaction.backendField)
}

/** What of Prisma's delegates is used here, the same for the four lists. */
interface Table<Data> {
  deleteMany(query: { where: { workspaceId: string; id: { in: string[] } } }): PromiseLike<unknown>
  updateMany(query: { where: { workspaceId: string; id: string }; data: Data & Partial<Checked> }): PromiseLike<unknown>
  createMany(query: {
    data: (Data & Checked & { id: string; workspaceId: string; integrationId: string })[]
  }): PromiseLike<unknown>
}

type CheckedRow = Checked & { readonly id: string }

interface Difference<Data> {
  removed: string[]
  added: { id: string; data: Data & Checked }[]
  changed: { id: string; data: Data & Partial<Checked> }[]
}

/** A row that only moves keeps the mark that it has in the database, where a check may have changed it meanwhile. */
export function difference<Row extends CheckedRow, Data extends object>(
  before: readonly Row[],
  after: readonly Row[],
  toData: (row: Row) => Data,
  altered: ReadonlySet<string>,
): Difference<Data> {
  const known = new Map(before.map((row) => [row.id, row]))
  const left = new Set(after.map(({ id }) => id))
  const isOther = (row: Row) => {
    const was = known.get(row.id)
    return was !== undefined && differ(toData(was), toData(row))
  }
  return {
    removed: before.map(({ id }) => id).filter((id) => !left.has(id)),
    added: after
      .filter(({ id }) => !known.has(id))
      .map((row) => ({ id: row.id, data: { ...toData(row), ...checkedData(row) } })),
    changed: after
      .filter(isOther)
      .map((row) => ({ id: row.id, data: { ...toData(row), ...(altered.has(row.id) && checkedData(row)) } })),
  }
}

export function differ(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) !== JSON.stringify(after)
}

export function checkedData({ check, problem, brokenSince }: Checked): Checked {
  return { check, problem, brokenSince }
}

function valueData({ value, values, lookupValue, label, lookup }: ExportField | BackendField) {
  return { value, values: json(values), lookupValue: json(lookupValue), label, lookup: json(lookup) }
}

function exportData(field: ExportField) {
  return {
    entityTypeId: field.entityTypeId,
    name: field.name,
    position: field.position,
    variableType: field.variableType,
    fieldType: field.fieldType,
    variable: field.variable,
    ...valueData(field),
    required: field.required,
    maxLength: field.maxLength,
    useCurrentDate: field.useCurrentDate,
  }
}

function backendData(field: BackendField) {
  return {
    target: field.target,
    entityTypeId: field.entityTypeId,
    name: field.name,
    position: field.position,
    variableType: field.variableType,
    fieldType: field.fieldType,
    ...valueData(field),
    overwrite: field.overwrite,
  }
}

function shownData(field: ShownField) {
  return {
    entityTypeId: field.entityTypeId,
    name: field.name,
    label: field.label,
    fieldType: field.fieldType,
    filter: json(field.filter),
    position: field.position,
  }
}

function json(value: object | null): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null ? Prisma.DbNull : (value as Prisma.InputJsonValue)
}
