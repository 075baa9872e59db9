/** What an admin's program may get wrong, or send on purpose: refused where it stands, and nothing of it is kept. */
import { expect, test } from 'vitest'
import { NotConnectedError } from '../shared/errors.ts'
import { openSettingsWorld, refusalOf, testAdmin, testEntity, testField } from '../testing/settings-world.ts'
import { addEntity, updateEntity } from './edit/entities.ts'
import { addExportField } from './edit/export-fields.ts'
import { addShownField } from './edit/shown-fields.ts'

const ada = testAdmin('Ada')
const input = { entityType: 'account', name: 'text', variableType: 'INPUT', fieldType: 'TEXT', label: 'Text' }
const link = { entityType: 'account', name: 'link', fieldType: 'LOOKUP' }
const long = 'x'.repeat(5_000)

test.each([
  ['a member that there is not', { colour: 'red' }, ''],
  ['a prototype', JSON.parse('{ "__proto__": { "fetchCrmData": true } }'), ''],
  ['a row with a member that there is not', { exportFields: [{ ...input, id: 'mine' }] }, '.exportFields.0'],
  [
    'a length that no column holds',
    { exportFields: [{ ...input, maxLength: 3_000_000_000 }] },
    '.exportFields.0.maxLength',
  ],
  [
    'a record of an endless key',
    {
      exportFields: [{ ...link, variableType: 'CONSTANT', lookupValue: { entityName: 'account', remoteId: long } }],
    },
    '.exportFields.0.lookupValue.remoteId',
  ],
  [
    'a record of an endless entity',
    { exportFields: [{ ...link, variableType: 'CONSTANT', lookupValue: { entityName: long, remoteId: '1' } }] },
    '.exportFields.0.lookupValue.entityName',
  ],
  [
    'endless values',
    {
      exportFields: [
        { ...input, variableType: 'CONSTANT', fieldType: 'MULTI_OPTION_SET', label: null, values: [long] },
      ],
    },
    '.exportFields.0.values',
  ],
  [
    'the primary field of a default entity type',
    {
      entityTypes: ['account', 'contact', 'lead'].map((name) => ({
        ...{
          name,
          displayName: name,
          primaryField: name === 'lead' ? 'text' : name === 'account' ? 'name' : 'fullname',
        },
        primaryFieldLabel: 'Name',
      })),
    },
    '.entityTypes.2.primaryField',
  ],
  [
    'more fields than anybody has',
    {
      searchFields: Array.from({ length: 2_001 }, (_, index) => ({
        ...input,
        variableType: undefined,
        name: `f${index}`,
      })),
    },
    '.searchFields',
  ],
  [
    'more entity types than anybody has',
    {
      entityTypes: Array.from({ length: 201 }, (_, index) => ({
        ...{ name: `e${index}`, displayName: 'E', primaryField: 'name', primaryFieldLabel: 'Name' },
      })),
    },
    '.entityTypes',
  ],
])('a document with %s is refused, whether the org can be asked or not', async (_, members, path) => {
  const { settings, integrationId, disconnect, prisma } = await openSettingsWorld('DYNAMICS')
  const document = { provider: 'DYNAMICS', ...JSON.parse(JSON.stringify(members)) }
  // Spreading loses it.
  if (Object.hasOwn(members, '__proto__')) Object.defineProperty(document, '__proto__', { value: {}, enumerable: true })
  const importing = () => refusalOf(settings.importDocument(ada, integrationId, 1, document))
  const found = await importing()
  await disconnect()
  for (const refusals of [found, await importing()]) {
    expect(refusals.map((it) => it.slice(0, it.indexOf(':')))).toContain(`input.document${path}`)
    expect(refusals.join('').length).toBeLessThan(1_000)
  }
  expect(await prisma.settingsChange.count()).toBe(0)
})

test('an entity type that a document leaves out and its other settings use is not lost unawares', async () => {
  const { change, org, settings, integrationId, read } = await openSettingsWorld('DYNAMICS')
  org.entities.set('opportunity', testEntity('opportunity', [testField('topic', 'TEXT'), testField('size', 'TEXT')]))
  const { changedId } = await change(
    addEntity({ name: 'opportunity', displayName: 'Deal', primaryField: 'topic', primaryFieldLabel: 'Topic' }),
  )
  await change(
    addShownField('detailFields', { entityTypeId: changedId ?? '', name: 'size', label: 'Size', fieldType: 'TEXT' }),
  )
  const { entityTypes } = (await settings.exportDocument(ada, integrationId)) as { entityTypes: object[] }
  const three = { provider: 'DYNAMICS', entityTypes: entityTypes.slice(0, 3) }
  expect(await refusalOf(settings.importDocument(ada, integrationId, 3, three))).toEqual([
    'input.document.entityTypes: Deal is used by the detail field size. Leave it in, or leave them out as well.',
  ])
  await settings.importDocument(ada, integrationId, 3, { ...three, detailFields: [] })
  expect(await read()).toMatchObject({ entityTypes: [{}, {}, {}], settings: { detailFields: [] } })
})

test('the primary field is that of the org for the three default entity types, and is not exported too', async () => {
  const { change, org, account, read } = await openSettingsWorld('DYNAMICS')
  expect(await refusalOf(change(updateEntity(account, { primaryField: 'text' })))).toEqual([
    'input.primaryField: Every org names its Account records by name: only that of an added entity type can be chosen.',
  ])
  await change(updateEntity(account, { primaryField: 'name', primaryFieldLabel: 'Company' }))
  expect((await read()).entityTypes[0]).toMatchObject({ primaryField: 'name', primaryFieldLabel: 'Company' })

  org.entities.set('opportunity', testEntity('opportunity', [testField('topic', 'TEXT'), testField('size', 'TEXT')]))
  const { changedId } = await change(
    addEntity({ name: 'opportunity', displayName: 'Deal', primaryField: 'topic', primaryFieldLabel: 'Topic' }),
  )
  const id = changedId ?? ''
  await change(
    addExportField({ entityTypeId: id, name: 'size', variableType: 'INPUT', fieldType: 'TEXT', label: 'Size' }),
  )
  expect(await refusalOf(change(updateEntity(id, { primaryField: 'size' })))).toEqual([
    'input.primaryField: size is on the form of Deal by itself: it cannot be exported too.',
  ])
})

test('what is disconnected while it is saved is kept unchecked', async () => {
  const { change, exportField, read, integrations } = await openSettingsWorld('DYNAMICS')
  integrations.call = () => Promise.reject(new NotConnectedError(['DYNAMICS'], 'It is not connected.'))
  await change(addExportField(exportField()))
  expect((await read()).settings.exportFields).toMatchObject([{ name: 'text', check: 'UNCHECKED' }])
})
