/** Waiting pushes in bulk, as a long outage of the CRMs leaves them, each of a conversation of its own. */
import { randomUUID } from 'node:crypto'
import { createConversationSeals } from '../../../packages/server/src/conversations/sealing.ts'
import { Prisma } from '../../../packages/server/src/generated/prisma/client.ts'
import { createPushSeals } from '../../../packages/server/src/pushes/seals.ts'
import type { ConnectedWorkspace, Installation } from '../../soak/installation.ts'

const text = 'Hello, I ordered a week ago and nothing has arrived yet. Can you tell me where my parcel is? Thank you.'
const visitor = {
  ...{ externalId: null, firstName: 'Dana', lastName: 'Fox', fullName: null },
  ...{ phone: '+15125550143', email: 'dana.fox@visitors.example', accountId: null },
}

/** How many rows one statement writes. */
const PORTION = 1_000

/** Plants pushes that can be delivered, the workspaces in turn, each due since some time of the last hour. */
export async function seedDeliverable(
  { prisma, secrets, orgs }: Pick<Installation, 'prisma' | 'secrets' | 'orgs'>,
  workspaces: readonly ConnectedWorkspace[],
  count: number,
): Promise<void> {
  const contacts = (await orgs.DYNAMICS.records('contact')).map((row) => String(row['contactid']))
  const seals = { ...createConversationSeals(secrets), ...createPushSeals(secrets) }
  const began = Date.now() - 3_600_000

  function rowsOf(number: number) {
    const { viewer, dynamics } = workspaces[number % workspaces.length] as ConnectedWorkspace
    const { workspaceId } = viewer
    const [conversationId, messageId, tagId] = [randomUUID(), randomUUID(), randomUUID()]
    const at = new Date(began + number * 30)
    const of = { workspaceId, conversationId }
    return {
      conversation: {
        ...{ id: conversationId, workspaceId, externalId: conversationId },
        ...({ channel: 'SMS', status: 'ACTIVE' } as const),
        ...{ startedAt: at, lastMessageAt: at },
        visitorSealed: seals.sealVisitor(conversationId, visitor),
        variablesSealed: seals.sealVariables(conversationId, []),
      },
      message: {
        ...{ ...of, id: messageId, externalId: 'm1', author: 'VISITOR' as const, sentAt: at, arrival: 1 },
        contentSealed: seals.sealContent(messageId, { authorName: 'Dana Fox', text, attachments: [] }),
      },
      tag: {
        ...{ ...of, id: tagId, integrationId: dynamics, entityName: 'contact', taggedBy: 'Ann Agent' },
        remoteId: contacts[number % contacts.length] ?? '',
        snapshotSealed: seals.sealSnapshot(tagId, { name: 'Dana Fox', url: null }),
      },
      push: {
        ...{ ...of, id: randomUUID(), integrationId: dynamics, tagId, activityType: 'Note' },
        ...({ status: 'QUEUED', rank: 0, wantedMessages: 1, nextAttemptAt: at, createdAt: at } as const),
      },
    }
  }

  for (let first = 0; first < count; first += PORTION) {
    const length = Math.min(PORTION, count - first)
    const rows = Array.from({ length }, (_, index) => rowsOf(first + index))
    await prisma.conversation.createMany({ data: rows.map(({ conversation }) => conversation) })
    await prisma.message.createMany({ data: rows.map(({ message }) => message) })
    await prisma.tag.createMany({ data: rows.map(({ tag }) => tag) })
    await prisma.push.createMany({ data: rows.map(({ push }) => push) })
  }
}

/**
 * Makes so many copies of each push that waits, due behind all of them. Their words are sealed for another row: they cost
 * what the others do until they are claimed, which a measurement ends before.
 */
export async function multiplyWaiting({ prisma }: Pick<Installation, 'prisma'>, copies: number): Promise<void> {
  const lines = Prisma.sql`WITH RECURSIVE "n"("i") AS (SELECT 1 UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < ${copies})`
  // Rows of ours have ids of 36 characters; copies have longer ones.
  const waiting = Prisma.sql`"n" CROSS JOIN "Push" AS "p" JOIN "Tag" AS "t" ON "t"."id" = "p"."tagId"
    JOIN "Conversation" AS "c" ON "c"."id" = "p"."conversationId"
    JOIN "Message" AS "m" ON "m"."conversationId" = "c"."id"
    WHERE "p"."status" = 'QUEUED' AND length("p"."id") = 36`
  await prisma.$executeRaw`${lines}
    INSERT INTO "Conversation" ("id", "workspaceId", "externalId", "channel", "status", "startedAt", "lastMessageAt",
      "visitorSealed", "variablesSealed", "createdAt")
    SELECT "c"."id" || '-' || "i", "c"."workspaceId", "c"."externalId" || '-' || "i", "channel", "c"."status",
      "c"."startedAt", "c"."lastMessageAt", "c"."visitorSealed", "c"."variablesSealed", "c"."createdAt" FROM ${waiting}`
  await prisma.$executeRaw`${lines}
    INSERT INTO "Message" ("id", "workspaceId", "conversationId", "externalId", "author", "sentAt", "arrival",
      "contentSealed")
    SELECT "m"."id" || '-' || "i", "m"."workspaceId", "m"."conversationId" || '-' || "i", "m"."externalId", "m"."author",
      "m"."sentAt", "m"."arrival", "m"."contentSealed" FROM ${waiting}`
  await prisma.$executeRaw`${lines}
    INSERT INTO "Tag" ("id", "workspaceId", "conversationId", "integrationId", "entityName", "remoteId", "snapshotSealed",
      "taggedAt", "taggedBy")
    SELECT "t"."id" || '-' || "i", "t"."workspaceId", "t"."conversationId" || '-' || "i", "t"."integrationId",
      "t"."entityName", "t"."remoteId", "t"."snapshotSealed", "t"."taggedAt", "t"."taggedBy" FROM ${waiting}`
  await prisma.$executeRaw`${lines}
    INSERT INTO "Push" ("id", "workspaceId", "conversationId", "integrationId", "tagId", "status", "activityType",
      "wantedMessages", "rank", "nextAttemptAt", "createdAt", "updatedAt")
    SELECT "p"."id" || '-' || "i", "p"."workspaceId", "p"."conversationId" || '-' || "i", "p"."integrationId",
      "p"."tagId" || '-' || "i", "p"."status", "p"."activityType", "p"."wantedMessages", "p"."rank", ${new Date()},
      "p"."createdAt", "p"."updatedAt" FROM ${waiting}`
}
