import { describe, expect, it } from 'vitest'
import { alsoIn, namedWorkspaces } from './names-workspace.ts'

const workspaceId = 'w'

describe('a query names its workspace (T1)', () => {
  it.each([
    ['findMany', { where: { workspaceId } }],
    ['findUnique', { where: { id: 'x', workspaceId } }],
    ['updateMany', { where: { AND: [{ status: 'QUEUED' }, { workspaceId }] }, data: {} }],
    ['deleteMany', { where: { AND: { workspaceId } } }],
    ['findFirst', { where: { AND: [{ AND: [{ workspaceId }] }] } }],
    ['count', { where: { ...alsoIn(workspaceId), id: { in: ['x'] } } }],
    ['upsert', { where: { workspaceId_idempotencyKey: { workspaceId, idempotencyKey: 'k' } } }],
    ['create', { data: { id: 'x', workspaceId } }],
    ['createMany', { data: [{ workspaceId }, { workspaceId }] }],
  ])('by %s %j', (operation, args) => {
    expect(namedWorkspaces(operation, args)).toContain(workspaceId)
  })

  it.each([
    ['findMany', undefined],
    ['findMany', { where: {} }],
    ['findUnique', { where: { id: 'x' } }],
    ['findFirst', { where: { workspaceId: undefined } }],
    ['findFirst', { where: { workspaceId: '' } }],
    ['findFirst', { where: { workspaceId: null } }],
    ['findMany', { where: { workspaceId: { not: 'w' } } }],
    ['findMany', { where: { workspaceId: { in: ['v', 'w'] } } }],
    ['findMany', { where: { OR: [{ workspaceId }, { id: 'x' }] } }],
    ['findMany', { where: { NOT: { workspaceId } } }],
    ['findMany', { where: { NOT: { workspaceId: { not: 'w' }, id: 'x' } } }],
    ['findMany', { where: { conversation: { workspaceId } } }],
    ['updateMany', { data: { workspaceId } }],
    ['create', { data: { id: 'x' } }],
    ['createMany', { data: [{ workspaceId }, {}] }],
  ])('not by %s %j', (operation, args) => {
    expect(namedWorkspaces(operation, args)).toBeNull()
  })
})
