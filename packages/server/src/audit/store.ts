/** Entries of the audit log in the database: they are added and read, and nothing else (triggers see to it). */
import { v7 as uuid } from 'uuid'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import type { Role } from '../viewers/viewer.ts'
import type { AuditAction } from './action.ts'

export interface AuditEntryRow {
  readonly id: string
  readonly at: Date
  /** As people read it. */
  readonly actor: string
  readonly actorId: string | null
  /** An `AuditAction` of this version or of one before. */
  readonly action: string
  readonly subject: string | null
  /** A global ID. */
  readonly subjectId: string | null
  readonly address: string | null
}

export type NewAuditEntry = Omit<AuditEntryRow, 'id' | 'action'> & { readonly action: AuditAction }

export interface AuditFilter {
  readonly action: string | null
  /** A part of who did it; case does not count. */
  readonly actor: string | null
  readonly from: Date | null
  /** Not this moment itself. */
  readonly until: Date | null
}

export interface AuditPage {
  /** Only entries that are older than this one, by its id, */
  readonly after?: string | undefined
  /** and only those that are newer than this one. */
  readonly before?: string | undefined
  readonly limit: number
  /** The oldest first, rather than the newest. */
  readonly inverted: boolean
}

/** Somebody who can sign in. */
export interface Account {
  readonly workspaceId: string
  readonly userId: string
  readonly email: string
  readonly role: Role
}

export interface AuditStore {
  add(workspaceId: string, entry: NewAuditEntry): Promise<void>
  find(workspaceId: string, id: string): Promise<AuditEntryRow | null>
  list(workspaceId: string, filter: AuditFilter, page: AuditPage): Promise<AuditEntryRow[]>
  /** Whoever signs in knows no workspace. Null where nobody has such an account. */
  findAccount(by: { userId: string } | { email: string }): Promise<Account | null>
}

export function createAuditStore(prisma: PrismaClient): AuditStore {
  return {
    async add(workspaceId, entry) {
      await prisma.auditEntry.create({ data: { id: uuid(), workspaceId, ...entry } })
    },

    find: (workspaceId, id) => prisma.auditEntry.findUnique({ where: { id, workspaceId } }),

    list(workspaceId, { action, actor, from, until }, { after, before, limit, inverted }) {
      const where: Prisma.AuditEntryWhereInput = {
        workspaceId,
        ...(action !== null && { action }),
        // By SQLite's LIKE: case does not count, and `%` and `_` find more, of one's own log all the same.
        ...(actor !== null && { actor: { contains: actor } }),
        at: { ...(from && { gte: from }), ...(until && { lt: until }) },
        id: { ...(after !== undefined && { lt: after }), ...(before !== undefined && { gt: before }) },
      }
      return prisma.auditEntry.findMany({ where, orderBy: { id: inverted ? 'asc' : 'desc' }, take: limit })
    },

    async findAccount(by) {
      const where = 'userId' in by ? { id: by.userId } : { email: by.email }
      const user = await prisma.user.findUnique({ where, include: { member: true } })
      if (!user?.member) return null
      const { workspaceId, role } = user.member
      return { workspaceId, userId: user.id, email: user.email, role }
    },
  }
}
