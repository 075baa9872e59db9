/** Settings where several processes serve one database: each holds them in memory, and none works by what another has replaced. */
import { createHttpClient } from '@backchannel/providers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../packages/server/src/database/index.ts'
import { createGateway, type Gateway } from '../../packages/server/src/gateway.ts'
import { removeField } from '../../packages/server/src/settings/edit/field-list.ts'
import { updateDynamicsSettings } from '../../packages/server/src/settings/edit/general.ts'
import { addShownField } from '../../packages/server/src/settings/edit/shown-fields.ts'
import { ConflictError } from '../../packages/server/src/shared/errors.ts'
import { createLogger } from '../../packages/server/src/shared/logger.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'

let running: RunningGateway
let one: Gateway['services']
let other: Gateway['services']
let closeOther: () => Promise<void>

beforeAll(async () => {
  running = await startGateway({ people: 10 })
  one = running.gateway.services
  const database = await openDatabase(running.databaseUrl)
  const http = createHttpClient({ allowedHosts: [] })
  const gateway = await createGateway({
    database,
    keys: running.keys,
    http,
    logger: createLogger('error', { write: () => {} }),
    now: Date.now,
    publicUrl: 'http://127.0.0.1',
    otherOrigins: [],
    emulatedHosts: [],
    defaultClients: {},
  })
  other = gateway.services
  closeOther = async () => {
    await gateway.close()
    await http.close()
    await database.close()
  }
})
afterAll(async () => {
  await closeOther()
  await running.stop()
})

const dynamics = async (services: Gateway['services']) => {
  const integrations = await services.integrations.list(running.workspaceId)
  const found = integrations.find(({ provider }) => provider === 'DYNAMICS')
  if (!found) throw new Error('Dynamics is not connected')
  return found
}
const change = (services: Gateway['services'], actor: string, id: string, version: number, input: object) =>
  services.settings.change({ ...running.viewer('ADMIN'), actor }, id, version, updateDynamicsSettings(input))

it('what one changes the other has soon', async () => {
  const { id, settings } = await dynamics(one)
  expect((await dynamics(other)).settings.version).toBe(settings.version)
  await change(one, 'Ada', id, settings.version, { allowNewCreation: true })
  await expect
    .poll(async () => (await dynamics(other)).settings.dynamics, { interval: 10 })
    .toMatchObject({ allowNewCreation: true })
})

it('a change made by what was replaced a moment ago is refused, and one that saw it keeps it', async () => {
  const { id, settings } = await dynamics(other)
  const { version } = settings
  await change(one, 'Ada', id, version, { searchOrder: ['EMAIL', 'PHONE', 'FULL_NAME'] })
  const late = await change(other, 'Grace', id, version, { fetchCrmData: true }).catch((error: unknown) => error)
  expect(late).toBeInstanceOf(ConflictError)
  expect(late).toMatchObject({ version: version + 1, changedBy: 'Ada' })

  await change(other, 'Grace', id, version + 1, { fetchCrmData: true })
  expect((await dynamics(other)).settings).toMatchObject({
    version: version + 2,
    searchOrder: ['EMAIL', 'PHONE', 'FULL_NAME'],
    fetchCrmData: true,
  })
})

it('what one has just added the other finds by its id', async () => {
  const { id, entityTypes, settings } = await dynamics(other)
  const [account] = entityTypes
  const field = addShownField('searchFields', {
    entityTypeId: account?.id ?? '',
    name: 'websiteurl',
    label: 'Site',
    fieldType: 'TEXT',
  })
  const { changedId } = await one.settings.change(running.viewer('ADMIN'), id, settings.version, field)
  const rows = (workspaceId: string, type: 'SearchField' | 'DetailField') =>
    other.settingsRows.integrationIdOf(workspaceId, type, changedId ?? '')
  expect(await rows(running.workspaceId, 'SearchField')).toBe(id)
  expect(await rows(running.workspaceId, 'DetailField')).toBeNull()
  expect(await rows('another', 'SearchField')).toBeNull()
  const removal = removeField('searchFields', changedId ?? '')
  await other.settings.change(running.viewer('ADMIN'), id, settings.version + 1, removal)
  await expect.poll(async () => (await dynamics(one)).settings.searchFields).toEqual([])
})

it('of changes that both make at the same moment one is kept, each time', async () => {
  for (let round = 0; round < 10; round++) {
    const { id, settings } = await dynamics(one)
    const { version, fetchCrmData, dynamics: options } = settings
    const outcomes = await Promise.allSettled([
      change(one, 'Ada', id, version, { allowActivityClosing: !options?.allowActivityClosing }),
      change(other, 'Grace', id, version, { fetchCrmData: !fetchCrmData }),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    for (const services of [one, other]) {
      await expect.poll(async () => (await dynamics(services)).settings.version).toBe(version + 1)
    }
    expect((await dynamics(other)).settings).toEqual((await dynamics(one)).settings)
  }
})
