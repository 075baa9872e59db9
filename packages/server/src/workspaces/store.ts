import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import type { CheckedWorkspaceChange } from './change.ts'

/** A workspace and what it has set for itself. */
export interface WorkspaceRow {
  readonly id: string
  readonly name: string
  /** IANA name. */
  readonly timeZone: string
  /** ISO 3166 alpha-2: phone numbers without a prefix are read as of this country. */
  readonly countryCode: string
  readonly retentionDays: number | null
  readonly brand: string
  /** The names of the chat variables that it knows beside the built-in ones, in the order in which they were declared. */
  readonly chatVariables: readonly string[]
}

export interface VariableRemoval {
  /** Whether there was one. */
  readonly isDeclared: boolean
  /** The export fields that take it, for people. */
  readonly users: readonly string[]
}

export interface WorkspaceStore {
  find(id: string): Promise<WorkspaceRow | null>
  /** Of all customers, the oldest first: for whoever runs the server. */
  list(): Promise<Pick<WorkspaceRow, 'id' | 'name'>[]>
  findFirst(): Promise<WorkspaceRow | null>
  add(id: string, name: string): Promise<WorkspaceRow>
  update(id: string, change: CheckedWorkspaceChange): Promise<void>
  /** Nothing happens where it is declared already. */
  addChatVariable(id: string, name: string): Promise<void>
  /** It stays where export fields take it. */
  removeChatVariable(id: string, name: string): Promise<VariableRemoval>
}

const withVariables = {
  chatVariables: { select: { name: true }, orderBy: [{ createdAt: 'asc' }, { name: 'asc' }] },
} as const satisfies Prisma.WorkspaceInclude

export function createWorkspaceStore(prisma: PrismaClient): WorkspaceStore {
  const everywhere = acrossWorkspaces(prisma)
  return {
    async find(id) {
      return toWorkspace(await prisma.workspace.findUnique({ where: { id }, include: withVariables }))
    },
    list: () =>
      everywhere.workspace.findMany({
        select: { id: true, name: true },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      }),
    async findFirst() {
      const orderBy = [{ createdAt: 'asc' as const }, { id: 'asc' as const }]
      return toWorkspace(await everywhere.workspace.findFirst({ orderBy, include: withVariables }))
    },
    async add(id, name) {
      return { ...(await prisma.workspace.create({ data: { id, name } })), chatVariables: [] }
    },
    async update(id, change) {
      await prisma.workspace.update({ where: { id }, data: change })
    },
    async addChatVariable(workspaceId, name) {
      const key = { workspaceId, name }
      // Without an update it would be two statements, and another one may come between them.
      await prisma.chatVariable.upsert({ where: { workspaceId_name: key }, create: key, update: { name } })
    },
    removeChatVariable(workspaceId, name) {
      return prisma.$transaction(async (transaction) => {
        const isDeclared = (await transaction.chatVariable.count({ where: { workspaceId, name } })) > 0
        const fields = await transaction.exportField.findMany({
          where: { workspaceId, variableType: 'CHAT_VARIABLE', variable: name },
          select: {
            name: true,
            entityType: { select: { displayName: true, integration: { select: { name: true } } } },
          },
          orderBy: { id: 'asc' },
        })
        if (isDeclared && fields.length === 0)
          await transaction.chatVariable.deleteMany({ where: { workspaceId, name } })
        return {
          isDeclared,
          users: fields.map(
            (it) => `the export field ${it.name} of ${it.entityType.displayName} in ${it.entityType.integration.name}`,
          ),
        }
      })
    },
  }
}

type Row = Prisma.WorkspaceGetPayload<{ include: typeof withVariables }>

function toWorkspace(row: Row | null): WorkspaceRow | null {
  return row && { ...row, chatVariables: row.chatVariables.map(({ name }) => name) }
}
