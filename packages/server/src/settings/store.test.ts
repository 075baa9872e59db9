import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomIntegrations } from '../testing/random-settings.ts'
import { openSettingsWorld } from '../testing/settings-world.ts'
import { documentOf } from './document.ts'
import { readDocument } from './document-reader.ts'
import { draftOf, withDraft } from './draft.ts'
import { addExportField, updateExportField } from './edit/export-fields.ts'
import { updateDynamicsSettings } from './edit/general.ts'
import { importDocument } from './edit/import.ts'
import { createSettingsStore } from './store.ts'

test.each(['DYNAMICS', 'SALESFORCE'] as const)(
  'whatever the settings of %s were, what is kept is what is read',
  async (provider) => {
    const { prisma, read, integrationId } = await openSettingsWorld(provider)
    const store = createSettingsStore(prisma)
    const { workspaceId } = await read()
    const inForce = async () => {
      const integration = await store.read(workspaceId, integrationId)
      if (integration === null) throw new Error('The integration is gone')
      return integration
    }
    let changes = 0
    await fc.assert(
      fc.asyncProperty(randomIntegrations(provider), async (wanted) => {
        const before = await inForce()
        const document = readDocument(JSON.parse(JSON.stringify(documentOf(wanted))), provider, [])
        const edit = importDocument(document, { summary: '', path: [], misfits: 'MARK' })
        const after = withDraft(before, edit(draftOf(before), before).draft)
        const next = { ...after, settings: { ...after.settings, version: before.settings.version + 1 } }
        const record = {
          by: 'Ada',
          at: new Date(),
          section: 'INTEGRATION' as const,
          summary: '',
          before: {},
          after: {},
        }
        changes += 1
        const kept = await store.keep(before, next, { ...record, id: `change-${changes}`, document: documentOf(next) })
        expect(kept).toBe(true)
        expect(documentOf(await inForce())).toEqual(documentOf(wanted))
        // Of two that began with the same version the second keeps nothing.
        expect(await store.keep(before, next, { ...record, id: 'late', document: {} })).toBe(false)
      }),
      { numRuns: 15 },
    )
    expect((await inForce()).settings.version).toBe(changes + 1)
    expect(await prisma.settingsChange.count()).toBe(changes + 1)
    expect(await prisma.event.count()).toBe(2 * changes)
  },
  60_000,
)

test('a change that cannot be kept whole leaves nothing of itself', async () => {
  const { prisma, read, integrationId, change, exportField } = await openSettingsWorld('DYNAMICS')
  await change(addExportField(exportField()))
  const store = createSettingsStore(prisma)
  const before = await read()
  const wanted = {
    provider: 'DYNAMICS',
    fetchCrmData: true,
    exportFields: [],
    searchOrder: ['EMAIL', 'PHONE', 'FULL_NAME'],
  }
  const edit = importDocument(readDocument(wanted, 'DYNAMICS', []), { summary: '', path: [], misfits: 'MARK' })
  const after = withDraft(before, edit(draftOf(before), before).draft)
  const next = { ...after, settings: { ...after.settings, version: 3 } }
  const [first] = await prisma.settingsChange.findMany()
  const events = await prisma.event.count()
  // Its record, written last but for the events, has an id that is taken.
  const record = { at: new Date(), by: 'Ada', section: 'INTEGRATION', summary: '', before: {}, after: {} } as const
  const keeping = store.keep(before, next, { ...record, id: first?.id ?? '', document: {} })
  await expect(keeping).rejects.toMatchObject({ code: 'P2002' })
  expect(await store.read(before.workspaceId, integrationId)).toEqual(before)
  expect(await prisma.event.count()).toBe(events)
  expect(await store.keep(before, next, { ...record, id: 'another', document: {} })).toBe(true)
  expect((await store.read(before.workspaceId, integrationId))?.settings).toMatchObject({
    version: 3,
    exportFields: [],
  })
})

test('what a later release keeps with settings survives a change that is saved by this one', async () => {
  const { prisma, change, exportField, read } = await openSettingsWorld('DYNAMICS')
  await change(addExportField(exportField()))
  for (const table of ['Settings', 'DynamicsSettings', 'ExportField']) {
    await prisma.$executeRawUnsafe(`ALTER TABLE "${table}" ADD COLUMN "later" TEXT`)
    await prisma.$executeRawUnsafe(`UPDATE "${table}" SET "later" = 'of a release to come'`)
  }
  await change(updateDynamicsSettings({ allowNewCreation: true }))
  const [field] = (await read()).settings.exportFields
  await change(updateExportField(field?.id ?? '', exportField({ required: true })))
  expect(await prisma.exportField.findMany()).toMatchObject([{ required: true }])
  for (const table of ['Settings', 'DynamicsSettings', 'ExportField']) {
    expect(await prisma.$queryRawUnsafe(`SELECT "later" FROM "${table}"`)).toEqual([{ later: 'of a release to come' }])
  }
})
