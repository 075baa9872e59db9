/** Entries of the audit log in the database: they are added and read, and nothing else (triggers see to it). */
import { v7 as uuid } from 'uuid'
import { anyCase } from '../database/kind.ts'
import { acrossWorkspaces } from '../database/workspace-guard.ts'
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

/** What is about to be done. */
export type AuditIntent = Omit<AuditEntryRow, 'id' | 'action' | 'subject' | 'subjectId'> & {
  readonly action: AuditAction
}

export type NewAuditEntry = Omit<AuditEntryRow, 'id' | 'action'> & { readonly action: AuditAction }

export interface AuditFilter {
  readonly action: string | null
  /** A part of who did it, taken as it is; case does not count. */
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
  /** Answers the id under which it is settled. */
  intend(workspaceId: string, intent: AuditIntent): Promise<string>
  /** Both at once: the entries are there, and the intent is not any more. */
  settle(workspaceId: string, intentId: string, entries: readonly NewAuditEntry[]): Promise<void>
  find(workspaceId: string, id: string): Promise<AuditEntryRow | null>
  list(workspaceId: string, filter: AuditFilter, page: AuditPage): Promise<AuditEntryRow[]>
  /** Whoever signs in knows no workspace. Null where nobody has such an account. */
  findAccount(by: { userId: string } | { email: string }): Promise<Account | null>
}

/** Where the database cannot tell by itself what is meant. */
const LOOKED_THROUGH_AT_ONCE = 500

export function createAuditStore(prisma: PrismaClient): AuditStore {
  return {
    async add(workspaceId, entry) {
      await prisma.auditEntry.create({ data: { id: uuid(), workspaceId, ...entry } })
    },

    async intend(workspaceId, intent) {
      const { id } = await prisma.auditIntent.create({ data: { id: uuid(), workspaceId, ...intent } })
      return id
    },

    async settle(workspaceId, intentId, entries) {
      await prisma.$transaction([
        ...entries.map((entry) => prisma.auditEntry.create({ data: { id: uuid(), workspaceId, ...entry } })),
        prisma.auditIntent.deleteMany({ where: { id: intentId, workspaceId } }),
      ])
    },

    find: (workspaceId, id) => prisma.auditEntry.findUnique({ where: { id, workspaceId } }),

    async list(workspaceId, { action, actor, from, until }, { after, before, limit, inverted }) {
      const isLiteral = actor === null || !/[%_\\]/.test(actor)
      const take = isLiteral ? limit : Math.max(limit, LOOKED_THROUGH_AT_ONCE)
      const found: AuditEntryRow[] = []
      let [older, newer] = [after, before]
      for (;;) {
        const where: Prisma.AuditEntryWhereInput = {
          workspaceId,
          ...(action !== null && { action }),
          ...(actor !== null && { actor: { contains: actor.replaceAll(/[%_\\]/g, '_'), ...anyCase(prisma) } }),
          at: { ...(from && { gte: from }), ...(until && { lt: until }) },
          id: { ...(older !== undefined && { lt: older }), ...(newer !== undefined && { gt: newer }) },
        }
        const rows = await prisma.auditEntry.findMany({ where, orderBy: { id: inverted ? 'asc' : 'desc' }, take })
        found.push(...rows.filter((row) => actor === null || holds(row.actor, actor)))
        if (rows.length < take || found.length >= limit) return found.slice(0, limit)
        if (inverted) newer = rows.at(-1)?.id
        else older = rows.at(-1)?.id
      }
    },

    async findAccount(by) {
      const where = 'userId' in by ? { id: by.userId } : { email: by.email }
      const user = await acrossWorkspaces(prisma).user.findUnique({ where, include: { member: true } })
      if (!user?.member) return null
      const { workspaceId, role } = user.member
      return { workspaceId, userId: user.id, email: user.email, role }
    },
  }
}

/** The database is asked with `_`, which is any character, where it would not take one as itself; here it is. */
function holds(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase())
}
