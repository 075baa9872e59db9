import fc from 'fast-check'
import {
  type BackendField,
  type EntityTypeSnapshot,
  type ExportField,
  matchIdentifiers,
  type SettingsSnapshot,
  type ShownField,
  searchOrderIdentifiers,
  settingFieldTypes,
  variableTypes,
} from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { numbered } from '../settings/edit/rows.ts'
import { checked, testIntegration } from './integration.ts'

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 _.äß"\\-]{0,10}[A-Za-z0-9]$/)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const filter = fc.record({ field: word, value: word, relatedEntity: maybe(word) })
const value = {
  value: maybe(word),
  values: maybe(fc.array(word, { minLength: 1, maxLength: 3 })),
  lookupValue: maybe(fc.record({ entityName: word, remoteId: word, name: word })),
  label: maybe(word),
  lookup: maybe(
    fc.record({
      relatedEntity: word,
      searchFields: fc.array(word, { maxLength: 2 }),
      displayField: maybe(word),
      filter: maybe(filter),
    }),
  ),
}

type Field = { id: string; name: string; entityTypeId: string | null; position: number }

/** Rows with ids of their own; a name is there once within an entity type. */
function rows<T extends object>(list: string, members: fc.Arbitrary<T>, entityIds: readonly string[]) {
  const row = fc.tuple(members, word, fc.constantFrom(...entityIds))
  return fc.uniqueArray(row, { maxLength: 6, selector: ([, name, id]) => `${id} ${name}` }).map((all) =>
    numbered(
      all.map(([it, name, entityTypeId], index): T & Field => {
        return { ...checked, ...it, id: `${list}:${index}`, name, entityTypeId, position: 0 }
      }),
    ),
  )
}

const general = fc.record({
  searchOrder: fc.shuffledSubarray([...searchOrderIdentifiers], { minLength: 3 }),
  fetchCrmData: fc.boolean(),
})

/** Integrations with settings of every shape that a document can hold, sound or not. */
export function randomIntegrations(provider: 'DYNAMICS' | 'SALESFORCE'): fc.Arbitrary<IntegrationSnapshot> {
  const base = testIntegration(provider)
  const added = fc.uniqueArray(word, { maxLength: 2 }).map((names) =>
    names.map(
      (name, index): EntityTypeSnapshot => ({
        ...checked,
        id: `added:${index}`,
        integrationId: base.id,
        kind: 'CUSTOM',
        name,
        displayName: name,
        primaryField: 'name',
        primaryFieldLabel: 'Name',
        searchable: index === 0,
        creatable: index === 1,
        position: 3 + index,
      }),
    ),
  )
  return added.chain((entityTypes) => {
    const ids = [...base.entityTypes, ...entityTypes].map(({ id }) => id)
    const shown = { label: word, fieldType: fc.constantFrom(...settingFieldTypes), filter: maybe(filter) }
    return fc
      .record({
        general,
        rules: fc.array(
          fc.record({
            identifier: fc.constantFrom(...matchIdentifiers),
            entityTypeId: fc.constantFrom(...ids),
            field: word,
          }),
          { maxLength: 3 },
        ),
        sms: fc.record({
          enabled: fc.boolean(),
          entityTypeId: maybe(fc.constantFrom(...ids)),
          field: maybe(word),
          identifier: fc.constantFrom(...matchIdentifiers),
        }),
        switches: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        exportFields: rows(
          'export',
          fc.record({
            ...value,
            variableType: fc.constantFrom(...variableTypes),
            fieldType: fc.constantFrom(...settingFieldTypes),
            variable: maybe(word),
            required: fc.boolean(),
            maxLength: maybe(fc.integer({ min: 1, max: 500 })),
            useCurrentDate: fc.boolean(),
          }),
          ids,
        ),
        searchFields: rows('search', fc.record(shown), ids),
        detailFields: rows('detail', fc.record(shown), ids),
        backendFields: rows(
          'backend',
          fc.record({
            ...value,
            target: fc.constant('RECORD' as const),
            variableType: fc.constantFrom('CONSTANT' as const, 'INPUT' as const),
            fieldType: fc.constantFrom(...settingFieldTypes),
            overwrite: fc.boolean(),
          }),
          ids,
        ),
      })
      .map((it) => {
        const settings: SettingsSnapshot = {
          ...base.settings,
          ...it.general,
          autoSmsPush: it.sms,
          autoChatPush: { enabled: it.rules.length > 0, rules: it.rules, tagSingleMatchUnasked: it.sms.enabled },
          exportFields: it.exportFields as unknown as ExportField[],
          searchFields: it.searchFields as unknown as ShownField[],
          detailFields: it.detailFields as unknown as ShownField[],
          backendFields: it.backendFields as unknown as BackendField[],
        }
        return {
          ...base,
          entityTypes: [...base.entityTypes, ...entityTypes],
          defaultFields: base.defaultFields.map((field, index) => ({
            ...field,
            required: it.switches[index] ?? false,
            showOnForm: it.switches[index + 20] ?? true,
          })),
          settings,
        }
      })
  })
}
