/** Waiting pushes in bulk, as a long outage of the CRMs leaves them, each of a conversation of its own. */
import { randomUUID } from 'node:crypto'
import { createConversationSeals } from '../../../packages/server/src/conversations/sealing.ts'
import { createPushSeals } from '../../../packages/server/src/pushes/seals.ts'
import type { ConnectedWorkspace, Installation } from '../../soak/installation.ts'

const text = 'Hello, I ordered a week ago and nothing has arrived yet. Can you tell me where my parcel is? Thank you.'
const visitor = {
  ...{ externalId: null, firstName: 'Dana', lastName: 'Fox', fullName: null },
  ...{ phone: '+15125550143', email: 'dana.fox@visitors.example', accountId: null },
}

/** How many rows of a table are written at once. */
const PORTION = 1_000
const HOUR_MS = 3_600_000

/** Plants pushes that wait, the workspaces in turn, each due since some time of the last hour. */
export async function seedWaiting(
  { prisma, secrets, orgs }: Pick<Installation, 'prisma' | 'secrets' | 'orgs'>,
  workspaces: readonly ConnectedWorkspace[],
  count: number,
): Promise<void> {
  const contacts = (await orgs.DYNAMICS.records('contact')).map((row) => String(row['contactid']))
  const seals = { ...createConversationSeals(secrets), ...createPushSeals(secrets) }
  const began = Date.now() - HOUR_MS

  function rowsOf(number: number) {
    const { viewer, dynamics } = workspaces[number % workspaces.length] as ConnectedWorkspace
    const { workspaceId } = viewer
    const [conversationId, messageId, tagId] = [randomUUID(), randomUUID(), randomUUID()]
    const at = new Date(began + (number * HOUR_MS) / count)
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
