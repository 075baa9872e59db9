import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import { testIntegration } from '../../testing/integration.ts'
import { randomIntegrations } from '../../testing/random-settings.ts'
import { documentOf } from '../document.ts'
import { readDocument } from '../document-reader.ts'
import { draftOf, withDraft } from '../draft.ts'
import { importDocument } from './import.ts'

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
  const byId = <T extends { id: string }>(list: readonly T[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1))
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
    fc.property(randomIntegrations(provider), (integration) => {
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
      fc.property(randomIntegrations(provider), randomIntegrations(provider), (wanted, inForce) => {
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
