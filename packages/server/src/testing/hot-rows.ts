/** Rows for `hot-queries.ts`: so many that it matters how they are found. */
import { eventKinds } from '../events/event.ts'

/** Of each table that grows; of pushes, which grow the most, five times as many. */
export const ROWS = 6_000
export const MINUTE = 60_000

const dialects = {
  sqlite: (minutesAgo: string) => `strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', -(${minutesAgo}) || ' minutes')`,
  postgresql: (minutesAgo: string) => `now() - (${minutesAgo}) * interval '1 minute'`,
}

/**
 * Rows of 20 workspaces, a minute between one and the next, with ids as if they were old. The row `i` of one belongs to the
 * row `i` of another, as far as there is one.
 *
 * @param run runs a statement on a connection that does not care what a row belongs to
 */
export async function addHotRows(run: (sql: string) => Promise<unknown>, kind: keyof typeof dialects): Promise<void> {
  const ago = dialects[kind]
  const now = ago('0')
  const due = (minutesAgo: string) => `CASE WHEN i % 7 = 0 THEN ${ago(minutesAgo)} END`
  const workspaceId = `'w' || (i % 20)`
  const integrationId = `'i' || (i % 20)`
  const conversationId = `'00c' || i`
  const tables: Record<string, Record<string, string>> = {
    Workspace: { id: `'w' || i`, name: `''` },
    Integration: {
      id: `'i' || i`,
      workspaceId,
      provider: `'DYNAMICS'`,
      name: `''`,
      url: `''`,
      problems: `'[]'`,
      orgId: `'o' || i`,
      status: `'CONNECTED'`,
      configSealed: `''`,
    },
    ApiKey: {
      id: `'k' || i`,
      workspaceId,
      name: `'k'`,
      scope: `'SERVICE'`,
      preview: `''`,
      hash: `'h' || i`,
    },
    Member: { id: `'m' || i`, workspaceId, userId: `'u' || i`, role: `'OWNER'` },
    User: { id: `'u' || i`, name: `''`, email: `i || '@example.com'`, updatedAt: now },
    Session: { id: `'s' || i`, token: `'t' || i`, userId: `'u' || i`, expiresAt: now, updatedAt: now },
    Conversation: {
      id: `'00c' || i`,
      workspaceId,
      externalId: `'e' || i`,
      channel: `'SMS'`,
      status: `'ACTIVE'`,
      startedAt: ago('i'),
      lastMessageAt: ago('i'),
      visitorSealed: `''`,
      variablesSealed: `''`,
      matchDueAt: due('i - 3000'),
    },
    VisitorKey: { workspaceId, conversationId, hash: `'v' || i` },
    Message: {
      id: `'00m' || i`,
      workspaceId: `'w' || (i % 300 % 20)`,
      conversationId: `'00c' || (i % 300)`,
      externalId: `'e' || i`,
      author: `'VISITOR'`,
      sentAt: now,
      arrival: 'i',
      contentSealed: `''`,
    },
    Tag: {
      id: `'t' || i`,
      workspaceId,
      conversationId,
      integrationId,
      entityName: `'contact'`,
      remoteId: `'r' || i`,
      snapshotSealed: `''`,
    },
    Push: {
      id: `'p' || i`,
      workspaceId,
      conversationId,
      integrationId,
      tagId: `'t' || i`,
      status: `CASE i % 37 WHEN 0 THEN 'FAILED' WHEN 1 THEN 'QUEUED' ELSE 'DELIVERED' END`,
      activityType: `''`,
      nextAttemptAt: `CASE WHEN i % 37 = 1 THEN ${ago('i')} END`,
      createdAt: ago('i'),
      updatedAt: now,
    },
    PushActivity: { id: `'a' || i`, workspaceId, pushId: `'p' || i`, part: '1', attemptedAt: now },
    TagRequest: { workspaceId, idempotencyKey: `'q' || i`, inputHash: `''`, createdAt: ago('i') },
    RecordIntent: {
      id: `'n' || i`,
      workspaceId,
      integrationId,
      idempotencyKey: `'q' || i`,
      inputHash: `''`,
      entityName: `'contact'`,
      status: `'DONE'`,
      createdAt: ago('i'),
      updatedAt: ago('i'),
    },
    AuditEntry: { id: `'00a' || i`, workspaceId, at: now, actor: `''`, action: `''` },
    Event: { workspaceId, kind: `'${eventKinds[0]}'`, at: ago(`${ROWS} - i`) },
  }
  const others: Record<string, number> = { Workspace: 20, Integration: 20, Push: 5 * ROWS }
  for (const [table, columns] of Object.entries(tables)) {
    const names = Object.keys(columns).map((name) => `"${name}"`)
    await run(`
      WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${others[table] ?? ROWS})
      INSERT INTO "${table}" (${names.join(', ')}) SELECT ${Object.values(columns).join(', ')} FROM numbers`)
  }
}
