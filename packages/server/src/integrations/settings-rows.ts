/** The rows of one integration's settings, and what they mean. */
import type { Prisma } from '../generated/prisma/client.ts'
import type {
  BackendField,
  ExportField,
  FieldFilter,
  LookupSpec,
  LookupValue,
  SearchOrderIdentifier,
  SettingsSnapshot,
  ShownField,
} from './settings.ts'

const inOrder = { orderBy: { position: 'asc' } } as const

/** Everything that `toSettings` reads, the lists in the admin's order. */
export const settingsInclude = {
  dynamics: true,
  salesforce: true,
  autoChatRules: inOrder,
  exportFields: inOrder,
  searchFields: inOrder,
  detailFields: inOrder,
  backendFields: inOrder,
} as const satisfies Prisma.SettingsInclude

type SettingsRow = Prisma.SettingsGetPayload<{ include: typeof settingsInclude }>

export function toSettings(row: SettingsRow): SettingsSnapshot {
  return {
    id: row.id,
    version: row.version,
    check: row.check,
    problem: row.problem,
    brokenSince: row.brokenSince,
    searchOrder: row.searchOrder as SearchOrderIdentifier[],
    fetchCrmData: row.fetchCrmData,
    autoSmsPush: {
      enabled: row.autoSmsEnabled,
      entityTypeId: row.autoSmsEntityTypeId,
      field: row.autoSmsField,
      identifier: row.autoSmsIdentifier,
    },
    autoChatPush: {
      enabled: row.autoChatEnabled,
      rules: row.autoChatRules.map(({ identifier, entityTypeId, field }) => ({ identifier, entityTypeId, field })),
      tagSingleMatchUnasked: row.tagSingleMatchUnasked,
    },
    exportFields: row.exportFields.map((field): ExportField => ({ ...field, ...jsonValues(field) })),
    searchFields: row.searchFields.map(toShownField),
    detailFields: row.detailFields.map(toShownField),
    backendFields: row.backendFields.map(
      ({ variableType, ...field }): BackendField => ({
        ...field,
        ...jsonValues(field),
        variableType: variableType === 'INPUT' ? 'INPUT' : 'CONSTANT',
      }),
    ),
    dynamics: row.dynamics,
    salesforce: row.salesforce,
  }
}

type JsonColumns = { values: unknown; lookupValue: unknown; lookup: unknown }

function jsonValues({ values, lookupValue, lookup }: JsonColumns) {
  return {
    values: values as string[] | null,
    lookupValue: lookupValue as LookupValue | null,
    lookup: lookup as LookupSpec | null,
  }
}

function toShownField(field: SettingsRow['searchFields'][number]): ShownField {
  return { ...field, filter: field.filter as FieldFilter | null }
}
