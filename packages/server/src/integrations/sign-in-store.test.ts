import { expect, it } from 'vitest'
import { openTestDatabase } from '../testing/database.ts'
import { createSignInAttemptStore } from './sign-in-store.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute))
const attempt = (stateHash: string, minute: number) =>
  ({ stateHash, provider: 'SALESFORCE', detailSealed: stateHash, expiresAt: at(minute) }) as const

it('an attempt is given out once, to its own provider, until it expires', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  const store = createSignInAttemptStore(prisma)
  for (const state of ['a', 'b', 'c']) await store.add(workspaceId, attempt(state, 15), at(0))
  expect(await store.take('a', 'SALESFORCE', at(1))).toMatchObject({ workspaceId, detailSealed: 'a' })
  expect(await store.take('a', 'SALESFORCE', at(1))).toBeNull()
  expect(await store.take('b', 'DYNAMICS', at(1))).toBeNull()
  expect(await store.take('c', 'SALESFORCE', at(16))).toBeNull()
})

it('attempts that nobody came back from are gone when the next one comes', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  const store = createSignInAttemptStore(prisma)
  await store.add(workspaceId, attempt('old', 15), at(0))
  await store.add(workspaceId, attempt('new', 45), at(30))
  expect((await prisma.signInAttempt.findMany()).map((row) => row.stateHash)).toEqual(['new'])
})
