import fc from 'fast-check'
import { expect, test } from 'vitest'
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
} from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import { checked, testIntegration } from '../../testing/integration.ts'
import { documentOf } from '../document.ts'
import { readDocument } from '../document-reader.ts'
import { draftOf, withDraft } from '../draft.ts'
import { importDocument } from './import.ts'
import { numbered } from './rows.ts'

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

function integrations(provider: 'DYNAMICS' | 'SALESFORCE'): fc.Arbitrary<IntegrationSnapshot> {
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

const options = { summary: 'Imported', path: ['input', 'document'], misfits: 'REFUSE' } as const

/** As it travels: as JSON. */
function exported(integration: IntegrationSnapshot): unknown {
  return JSON.parse(JSON.stringify(documentOf(integration)))
}

function imported(document: unknown, into: IntegrationSnapshot): IntegrationSnapshot {
  const read = readDocument(document, into.provider, options.path)
  return withDraft(into, importDocument(read, options)(draftOf(into), into).draft)
}

/** Without what the org says of it, which an import leaves to the check; rows in any order, as their positions say it. */
function withoutChecks(integration: IntegrationSnapshot): unknown {
  const { settings } = integration
  const byId = <T extends Field>(list: readonly T[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const lists = {
    exportFields: byId(settings.exportFields),
    searchFields: byId(settings.searchFields),
    detailFields: byId(settings.detailFields),
    backendFields: byId(settings.backendFields),
  }
  const all = { ...integration, settings: { ...settings, ...lists } }
  return JSON.parse(JSON.stringify(all, (key, it) => (/^(check|problem|brokenSince)$/.test(key) ? undefined : it)))
}

test.each(['DYNAMICS', 'SALESFORCE'] as const)('importing what was exported from %s changes nothing', (provider) => {
  fc.assert(
    fc.property(integrations(provider), (integration) => {
      const again = imported(exported(integration), integration)
      expect(exported(again)).toEqual(exported(integration))
      expect(withoutChecks(again)).toEqual(withoutChecks(integration))
    }),
    { numRuns: 60 },
  )
})

test.each(['DYNAMICS', 'SALESFORCE'] as const)(
  'whatever was in force, an import into %s leaves what it says',
  (provider) => {
    fc.assert(
      fc.property(integrations(provider), integrations(provider), (wanted, inForce) => {
        const document = exported(wanted)
        expect(exported(imported(document, inForce))).toEqual(document)
      }),
      { numRuns: 60 },
    )
  },
)

test('what a document leaves out stays', () => {
  const integration = testIntegration('SALESFORCE', {}, { fetchCrmData: true })
  const { settings } = imported({ provider: 'SALESFORCE', subjectSuffix: 'Web' }, integration)
  expect(settings).toMatchObject({ fetchCrmData: true, salesforce: { subjectSuffix: 'Web', sessionIdleMinutes: 120 } })
})

test('one of the three entity types cannot be left out', () => {
  const integration = testIntegration('DYNAMICS')
  const { entityTypes } = documentOf(integration)
  expect(() => imported({ provider: 'DYNAMICS', entityTypes: entityTypes.slice(1) }, integration)).toThrow(
    'account is missing',
  )
  const opportunity = { name: 'opportunity', displayName: 'O', primaryField: 'name', primaryFieldLabel: 'N' }
  expect(() => imported({ provider: 'DYNAMICS', entityTypes: [opportunity, ...entityTypes] }, integration)).toThrow(
    'come before',
  )
})
