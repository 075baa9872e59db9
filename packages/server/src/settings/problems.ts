/** Broken settings, as an integration's problems tell them. Pure. */
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { encodeId } from '../shared/global-id.ts'
import type { SettingsSection } from './edit/edit.ts'
import { fieldListNames, fieldLists } from './edit/field-list.ts'

export interface SettingProblem {
  /** As of the refusal that saving it now would meet. */
  readonly code: 'VALIDATION'
  readonly message: string
  readonly since: Date
  /** Global IDs. */
  readonly settingIds: readonly string[]
  readonly section: SettingsSection
}

const typenames = {
  exportFields: 'ExportField',
  searchFields: 'SearchField',
  detailFields: 'DetailField',
  backendFields: 'BackendField',
} as const

export function settingProblems({
  provider,
  settings,
  entityTypes,
  defaultFields,
}: IntegrationSnapshot): SettingProblem[] {
  const settingsType = provider === 'DYNAMICS' ? 'DynamicsSettings' : 'SalesforceSettings'
  const rows = [
    { row: settings, typename: settingsType, section: 'INTEGRATION' as const, name: 'Integration settings' },
    // A default entity type that is switched off is in nobody's way.
    ...entityTypes
      .filter((row) => row.kind === 'CUSTOM' || row.searchable || row.creatable)
      .map((row) => ({
        row,
        typename: 'EntityType',
        section: 'ENTITIES' as const,
        name: `Entity type ${row.displayName}`,
      })),
    ...defaultFields.flatMap((row) => {
      const entityType = entityTypes.find(({ kind }) => kind === row.kind)
      if (!row.showOnForm || !entityType?.creatable) return []
      const name = `Default field ${row.name} of ${entityType.displayName}`
      return [{ row, typename: 'DefaultField', section: 'DEFAULT_FIELDS' as const, name }]
    }),
    ...fieldListNames.flatMap((list) =>
      settings[list].map((row) => {
        const { section, noun } = fieldLists[list]
        return { row, typename: typenames[list], section, name: `${capital(noun)} ${row.name}` }
      }),
    ),
  ]
  return rows.flatMap(({ row, typename, section, name }): SettingProblem[] => {
    const { id, check, problem, brokenSince } = row
    if (check !== 'BROKEN' || problem === null) return []
    return [
      {
        code: 'VALIDATION',
        message: `${name}: ${problem}`,
        since: brokenSince ?? new Date(0),
        settingIds: [encodeId(typename, id)],
        section,
      },
    ]
  })
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)
