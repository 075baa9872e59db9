import { expect, test } from 'vitest'
import type { PrismaClient } from '../database/index.ts'
import { repeatingTransactions } from '../database/repeating-transactions.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { openPushWorld } from '../testing/push-world.ts'
import { createLookUpQueue } from './look-up-store.ts'

test('what a look-up came to is told once, though its transaction was begun again', async () => {
  const { prisma, secrets, conversations, workspaceId, now } = await openPushWorld()
  const conversationId = await conversations.start(
    { workspaceId, conversationIds: null },
    { externalId: 'chat', channel: 'CHAT', visitor: {} },
  )
  let attempts = 0
  const disturbed = prisma.$extends({
    query: {
      event: {
        async createMany({ args, query }) {
          attempts += 1
          const stored = await query(args)
          if (attempts > 1) return stored
          throw new Prisma.PrismaClientKnownRequestError('A conflict', { code: 'P2034', clientVersion: '0' })
        },
      },
    },
  }) as unknown as PrismaClient
  const queue = createLookUpQueue(repeatingTransactions(disturbed), { secrets, leaseMs: 60_000, now })
  const [claim] = await queue.claim(1)
  if (!claim) throw new Error('Nothing is due')
  const match = { profile: { phone: null, email: null, accountId: null }, answers: [] }
  expect(await queue.settle(claim, { match, isNewProposal: true, fill: (visitor) => visitor, next: null })).toBe(true)
  expect(attempts).toBe(2)
  const kind = { in: ['MATCH_FOUND', 'VISITOR_UPDATED'] }
  const told = await prisma.event.findMany({ where: { conversationId, kind }, orderBy: { id: 'asc' } })
  expect(told.map((event) => event.kind)).toEqual(['MATCH_FOUND', 'VISITOR_UPDATED'])
})
