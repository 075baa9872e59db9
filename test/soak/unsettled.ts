import type { Installation } from './installation.ts'

/** What is still to be delivered, and what it waits for. */
export async function tellUnsettled({ prisma }: Installation): Promise<string[]> {
  const pushes = await prisma.push.findMany({
    where: { status: { notIn: ['DELIVERED', 'PARTIAL', 'FAILED'] } },
    include: {
      conversation: { select: { externalId: true } },
      integration: { select: { provider: true, status: true, pausedUntil: true, pauseCode: true } },
      activities: { select: { attemptedAt: true, remoteId: true } },
    },
    take: 10,
  })
  return pushes.map(({ conversation, integration, activities, status, generation, continued, ...push }) =>
    JSON.stringify({
      ...{ thread: conversation.externalId, status, generation, continued, integration, activities },
      ...{ attempts: push.attempts, error: push.errorCode, nextAttemptAt: push.nextAttemptAt },
    }),
  )
}
