import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../database/index.ts'
import { createEventBus } from '../events/bus.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { addExportField } from '../settings/edit/export-fields.ts'
import { removeField } from '../settings/edit/field-list.ts'
import { openTestDatabase } from '../testing/database.ts'
import { openSettingsWorld, refusalOf } from '../testing/settings-world.ts'
import { heldScopes, type Viewer } from '../viewers/viewer.ts'
import { createWorkspaceService } from './service.ts'
import { createWorkspaceStore } from './store.ts'

function openWorkspaces(prisma: PrismaClient) {
  const events = createEventBus({ prisma, pollMs: 20 })
  const workspaces = createWorkspaceService({ store: createWorkspaceStore(prisma), events })
  onTestFinished(() => {
    workspaces.close()
    return events.close()
  })
  return workspaces
}

const adminOf = (workspaceId: string): Viewer => ({
  kind: 'API_KEY',
  workspaceId,
  scopes: heldScopes('ADMIN'),
  actor: 'test',
  userId: null,
  apiKeyId: null,
  agent: null,
  conversationIds: null,
  address: null,
})

test('a change is seen at once where it was made, and soon by other instances', async () => {
  const { prisma, workspaceId, url } = await openTestDatabase()
  const other = await openDatabase(url)
  onTestFinished(() => other.close())
  const [here, there] = [openWorkspaces(prisma), openWorkspaces(other.prisma)]
  expect((await there.get(workspaceId)).countryCode).toBe('US')

  await here.update(adminOf(workspaceId), { countryCode: 'de' })
  await here.declareChatVariable(adminOf(workspaceId), 'Plan')
  expect(await here.get(workspaceId)).toMatchObject({ countryCode: 'DE', chatVariables: ['Plan'] })
  await expect
    .poll(() => there.get(workspaceId), { interval: 20 })
    .toMatchObject({ countryCode: 'DE', chatVariables: ['Plan'] })
})

test('a variable is declared once, case counts, and only what was declared is taken away', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  const workspaces = openWorkspaces(prisma)
  const admin = adminOf(workspaceId)
  for (const name of ['Plan', 'plan', 'Plan']) await workspaces.declareChatVariable(admin, name)
  expect((await workspaces.get(workspaceId)).chatVariables).toEqual(['Plan', 'plan'])
  await expect(workspaces.removeChatVariable(admin, 'PLAN')).rejects.toThrow('There is no chat variable "PLAN"')
  await expect(workspaces.removeChatVariable(admin, 'Page URL')).rejects.toThrow('built in')
  expect((await workspaces.removeChatVariable(admin, 'Plan')).chatVariables).toEqual(['plan'])
})

test('a variable that export fields take is not taken away: they are named', async () => {
  const { prisma, change, account, read } = await openSettingsWorld('DYNAMICS')
  const { workspaceId } = await read()
  const workspaces = openWorkspaces(prisma)
  const admin = adminOf(workspaceId)
  await workspaces.declareChatVariable(admin, 'Campaign')
  const variable = { entityTypeId: account, variableType: 'CHAT_VARIABLE', variable: 'Campaign' } as const
  await change(addExportField({ ...variable, name: 'text' }))
  await change(addExportField({ ...variable, name: 'number' }))
  expect(await refusalOf(workspaces.removeChatVariable(admin, 'Campaign'))).toEqual([
    'name: "Campaign" is used by the export field text of Account in Microsoft Dynamics 365, the export field number of Account in Microsoft Dynamics 365. Change or remove them first.',
  ])
  expect((await workspaces.get(workspaceId)).chatVariables).toEqual(['Campaign'])

  // Another workspace's variable of the same name is another one.
  await prisma.workspace.create({ data: { id: 'workspace-2', name: 'Another' } })
  await workspaces.declareChatVariable(adminOf('workspace-2'), 'Campaign')
  await workspaces.removeChatVariable(adminOf('workspace-2'), 'Campaign')

  for (const { id } of (await read()).settings.exportFields) await change(removeField('exportFields', id))
  expect((await workspaces.removeChatVariable(admin, 'Campaign')).chatVariables).toEqual([])
})
