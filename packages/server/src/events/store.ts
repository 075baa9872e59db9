import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { EventKind, NewEvent, StoredEvent } from './event.ts'
import { settledUpTo } from './settled-store.ts'

/** Rows of the Event table. */
export interface EventStore {
  append(event: NewEvent): Promise<void>
  /** The id of the newest event of all; 0 when there is none. */
  latestId(): Promise<number>
  /** The ids of the oldest and the newest event of all; both 0 when there is none. */
  bounds(): Promise<{ oldest: number; newest: number }>
  /**
   * Events of every workspace behind `after`, oldest first: the tail that an instance follows. An event that appeared
   * behind one with a greater id would be passed over, so none is read here, nor by `list`, before all with smaller ids
   * are there (`settled-store.ts`).
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

  async function settled(): Promise<{ lte?: number }> {
    const id = await settledUpTo(everywhere)
    return id === null ? {} : { lte: id }
  }

  async function endOf(order: 'asc' | 'desc') {
    const where = { id: await settled() }
    return everywhere.event.findFirst({ where, select: { id: true }, orderBy: { id: order } })
  }

  return {
    async append(event) {
      await prisma.event.create({ data: event })
    },
    async latestId() {
      return (await endOf('desc'))?.id ?? 0
    },
    async bounds() {
      // Two questions: SQLite finds one end of an index at once, and both in one only by reading all of it.
      const [oldest, newest] = await Promise.all((['asc', 'desc'] as const).map(endOf))
      return { oldest: oldest?.id ?? 0, newest: newest?.id ?? 0 }
    },
    async listAll(after, limit) {
      const rows = await everywhere.event.findMany({
        where: { id: { gt: after, ...(await settled()) } },
        orderBy: { id: 'asc' },
        take: limit,
      })
      return rows.map(toStoredEvent)
    },
    async list(workspaceId, after, { kinds, limit }) {
      const rows = await prisma.event.findMany({
        where: { workspaceId, id: { gt: after, ...(await settled()) }, kind: { in: [...kinds] } },
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
