/** Intents to create a record, written before the CRM is asked (ruling 9). */
import type { PrismaClient } from '../generated/prisma/client.ts'

export interface RecordIntent {
  id: string
  integrationId: string
  idempotencyKey: string
  inputHash: string
  entityName: string
  status: 'STARTED' | 'DONE' | 'FAILED'
  remoteId: string | null
}

export interface RecordIntentStore {
  /** Keeps the intent, or answers the one that already has this key. */
  begin(workspaceId: string, intent: Omit<RecordIntent, 'status' | 'remoteId'>): Promise<RecordIntent>
  find(workspaceId: string, idempotencyKey: string): Promise<RecordIntent | null>
  /** Takes up an intent whose last try surely did nothing; false for any other. */
  restart(workspaceId: string, id: string): Promise<boolean>
  finish(
    workspaceId: string,
    id: string,
    outcome: { status: 'DONE'; remoteId: string } | { status: 'FAILED' },
  ): Promise<void>
}

export function createRecordIntentStore(prisma: PrismaClient): RecordIntentStore {
  return {
    begin: (workspaceId, intent) =>
      prisma.recordIntent.upsert({
        where: { workspaceId_idempotencyKey: { workspaceId, idempotencyKey: intent.idempotencyKey } },
        create: { ...intent, workspaceId, status: 'STARTED' },
        // An upsert that updates nothing is two statements, and PostgreSQL lets another one come between them.
        update: { idempotencyKey: intent.idempotencyKey },
      }),

    find: (workspaceId, idempotencyKey) =>
      prisma.recordIntent.findUnique({ where: { workspaceId_idempotencyKey: { workspaceId, idempotencyKey } } }),

    async restart(workspaceId, id) {
      const { count } = await prisma.recordIntent.updateMany({
        where: { workspaceId, id, status: 'FAILED' },
        data: { status: 'STARTED' },
      })
      return count === 1
    },

    async finish(workspaceId, id, outcome) {
      await prisma.recordIntent.updateMany({ where: { workspaceId, id }, data: outcome })
    },
  }
}
