/**
 * What is asked for most often is found in an index, among rows of many workspaces and behind row-level security: PostgreSQL
 * itself tells how it ran each statement (`auto_explain`).
 */
import { randomBytes } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConversationStore } from '../conversations/store.ts'
import { eventKinds } from '../events/event.ts'
import { createEventStore } from '../events/store.ts'
import { createPushFollowUps } from '../pushes/follow-up-store.ts'
import { createPushStore } from '../pushes/store.ts'
import { createSecretBox } from '../secrets/secret-box.ts'
import { makeTestDatabase } from '../testing/make-database.ts'
import { createPruneStore } from '../upkeep/prune-store.ts'
import { createRetentionStore } from '../upkeep/retention-store.ts'
import { createViewerStore } from '../viewers/store.ts'
import type { PrismaClient } from './index.ts'
import { clientsOn } from './postgresql.ts'
import { runSql } from './throwaway-postgresql.ts'
import { guardWorkspaces } from './workspace-guard.ts'

/** 6,000 rows in each table, of 20 workspaces, with ids as if they were old; a superuser need not care what they belong to. */
const ROWS = `
  SET session_replication_role = replica;
  INSERT INTO "ApiKey" ("id", "workspaceId", "name", "scope", "preview", "hash")
    SELECT 'k' || i, 'w' || i % 20, 'k', 'SERVICE', '', 'h' || i FROM generate_series(1, 6000) i;
  INSERT INTO "Member" ("id", "workspaceId", "userId", "role")
    SELECT 'm' || i, 'w' || i % 20, 'u' || i, 'OWNER' FROM generate_series(1, 6000) i;
  INSERT INTO "User" ("id", "name", "email", "updatedAt") SELECT 'u' || i, '', i || '@example.com', now() FROM generate_series(1, 6000) i;
  INSERT INTO "Session" ("id", "token", "userId", "expiresAt", "updatedAt")
    SELECT 's' || i, 't' || i, 'u' || i, now(), now() FROM generate_series(1, 6000) i;
  INSERT INTO "Conversation" ("id", "workspaceId", "externalId", "channel", "status", "startedAt", "lastMessageAt", "visitorSealed", "variablesSealed")
    SELECT '00c' || i, 'w' || i % 20, 'e' || i, 'CHAT', 'ENDED', now() - i * interval '1 minute', now() - i * interval '1 minute', '', ''
    FROM generate_series(1, 6000) i;
  INSERT INTO "Message" ("id", "workspaceId", "conversationId", "externalId", "author", "sentAt", "arrival")
    SELECT '00m' || i, 'w' || i % 20, '00c' || i % 300, 'e' || i, 'VISITOR', now(), i FROM generate_series(1, 6000) i;
  INSERT INTO "Push" ("id", "workspaceId", "conversationId", "integrationId", "tagId", "status", "activityType", "createdAt", "updatedAt")
    SELECT 'p' || i, 'w' || i % 20, '00c' || i, 'i' || i % 20, 't' || i, CASE WHEN i % 7 = 0 THEN 'FAILED' ELSE 'DELIVERED' END, '',
      now() - i * interval '1 minute', now() FROM generate_series(1, 6000) i;
  INSERT INTO "Tag" ("id", "workspaceId", "conversationId", "integrationId", "entityName", "remoteId", "snapshotSealed")
    SELECT 't' || i, 'w' || i % 20, '00c' || i, 'i' || i % 20, 'contact', 'r' || i, '' FROM generate_series(1, 6000) i;
  INSERT INTO "Event" ("workspaceId", "kind", "at")
    SELECT 'w' || i % 20, '${eventKinds[0]}', now() - (6000 - i) * interval '1 minute' FROM generate_series(1, 6000) i;
  ANALYZE`

let prisma: PrismaClient
let end: () => Promise<void>
let told: string[] = []

beforeAll(async () => {
  const { url, remove } = await makeTestDatabase()
  const superuser = new URL(url)
  superuser.username = 'postgres'
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_level': 'notice',
  }
  await runSql(superuser.href, ROWS)
  const change = Object.entries(settings).map(
    ([name, value]) => `ALTER DATABASE ${superuser.pathname.slice(1)} SET ${name} = '${value}'`,
  )
  await runSql(superuser.href, change.join(';'))
  const connection = await new PrismaPg({ connectionString: url, max: 4 }).connect()
  connection.underlyingDriver().on('connect', (client) => {
    client.on('notice', ({ message }) => message && told.push(message))
  })
  const database = await clientsOn(connection)
  prisma = guardWorkspaces(database.prisma, database.everywhere)
  end = async () => {
    await database.close()
    await remove()
  }
})
afterAll(() => end())

const secrets = createSecretBox(`k1:${randomBytes(32).toString('base64')}`)
const scope = { workspaceId: 'w7', conversationIds: null }
const conversations = () => createConversationStore(prisma, createPushFollowUps(Date.now))

test.each<[what: string, ask: () => Promise<unknown>, indexes: string[]]>([
  ['a key by its hash', () => createViewerStore(prisma).findApiKeyByHash('h7'), ['ApiKey_hash_key']],
  ['a session by its token', () => prisma.session.findFirst({ where: { token: 't7' } }), ['Session_token_key']],
  ['a member by their account', () => createViewerStore(prisma).findMember('u7'), ['Member_userId_key', 'User_pkey']],
  [
    'a conversation by its external id',
    () => conversations().find(scope, { externalId: 'e7' }),
    ['Conversation_workspaceId_externalId_key'],
  ],
  [
    'the newest conversations of a workspace',
    () => conversations().list(scope, { status: null, channel: null, since: null, tagged: null }, { take: 21 }),
    ['Conversation_workspaceId_startedAt_idx'],
  ],
  [
    'where the next messages of a conversation go, and which are there',
    () => conversations().lookAtMessages('w7', '00c7', ['e307', 'new']),
    ['Message_conversationId_arrival_key', 'Message_conversationId_externalId_key'],
  ],
  [
    'the events of a workspace after a cursor',
    () => createEventStore(prisma).list('w7', 5_000, { kinds: eventKinds, limit: 100 }),
    ['Event_workspaceId_id_idx'],
  ],
  ['the events of all after a cursor', () => createEventStore(prisma).listAll(5_900, 100), ['Event_pkey']],
  [
    'the newest failed pushes of a workspace',
    () => createPushStore(prisma).list(scope, { status: ['FAILED'] }, { after: null, take: 21 }),
    ['Push_workspaceId_status_createdAt_idx'],
  ],
  ['how many pushes are in which state', () => createPushStore(prisma).count(scope, {}), ['Push_workspaceId_']],
  [
    'the conversations whose time to be kept is over',
    () => createRetentionStore(prisma, secrets).findOld('w7', new Date(Date.now() - 5_900 * 60_000)),
    ['Conversation_workspaceId_purgedAt_lastMessageAt_idx'],
  ],
  [
    'the events that are too old',
    () => createPruneStore(prisma).removeEvents(new Date(Date.now() - 5_900 * 60_000)),
    ['Event_at_idx'],
  ],
])('an index of PostgreSQL finds %s', async (_what, ask, indexes) => {
  told = []
  await ask()
  const plans = told.join('\n')
  for (const index of indexes) expect(plans).toContain(index)
  // The sequence has one row, which says how far the events have come.
  expect(plans.replaceAll('Seq Scan on "Event_id_seq"', '')).not.toMatch(/Seq Scan on "/)
})
