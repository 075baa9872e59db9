import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { EventKind, NewEvent, StoredEvent } from './event.ts'

/** Rows of the Event table. */
export interface EventStore {
  append(event: NewEvent): Promise<void>
  /** The id of the newest event of all; 0 when there is none. */
  latestId(): Promise<number>
  /** The ids of the oldest and the newest event of all; both 0 when there is none. */
  bounds(): Promise<{ oldest: number; newest: number }>
  /**
   * Events of every workspace behind `after`, oldest first: the tail that an instance follows. An event that becomes
   * visible behind one with a greater id would be passed over. SQLite has one writer at a time, so there is none; a
   * database with several has to hold back here what is newer than its oldest open transaction.
   */
  listAll(after: number, limit: number): Promise<StoredEvent[]>
  /** Events of one workspace behind `after`, oldest first. */
  list(
    workspaceId: string,
    after: number,
    filter: { kinds: readonly EventKind[]; limit: number },
  ): Promise<StoredEvent[]>
}

export function createEventStore(prisma: PrismaClient): EventStore {
  const everywhere = acrossWorkspaces(prisma)
  return {
    async append(event) {
      await prisma.event.create({ data: event })
    },
    async latestId() {
      const newest = await everywhere.event.findFirst({ select: { id: true }, orderBy: { id: 'desc' } })
      return newest?.id ?? 0
    },
    async bounds() {
      // Two questions: SQLite finds one end of an index at once, and both in one only by reading all of it.
      const [oldest, newest] = await Promise.all(
        (['asc', 'desc'] as const).map((id) => everywhere.event.findFirst({ select: { id: true }, orderBy: { id } })),
      )
      return { oldest: oldest?.id ?? 0, newest: newest?.id ?? 0 }
    },
    async listAll(after, limit) {
      const rows = await everywhere.event.findMany({
        where: { id: { gt: after } },
        orderBy: { id: 'asc' },
        take: limit,
      })
      return rows.map(toStoredEvent)
    },
    async list(workspaceId, after, { kinds, limit }) {
      const rows = await prisma.event.findMany({
        where: { workspaceId, id: { gt: after }, kind: { in: [...kinds] } },
        orderBy: { id: 'asc' },
        take: limit,
      })
      return rows.map(toStoredEvent)
    },
  }
}

function toStoredEvent(row: Omit<StoredEvent, 'kind'> & { kind: string }): StoredEvent {
  return { ...row, kind: row.kind as EventKind }
}
