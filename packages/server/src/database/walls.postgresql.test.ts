import { beforeEach, describe, expect, test } from 'vitest'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { makeTestDatabase } from '../testing/make-database.ts'
import { openPostgresql } from './postgresql.ts'
import { acrossWorkspaces, guardWorkspaces } from './workspace-guard.ts'
import { reachOnly } from './workspace-scope.ts'

/** The clients as they are without the guard in the code: only the database's own wall is left. */
let within: PrismaClient
let everywhere: PrismaClient
let guarded: PrismaClient

beforeEach(async () => {
  const { url, remove } = await makeTestDatabase()
  const database = await openPostgresql(url)
  ;({ prisma: within, everywhere } = database)
  guarded = guardWorkspaces(within, everywhere)
  for (const id of ['a', 'b']) {
    await everywhere.workspace.create({ data: { id, name: id } })
    await everywhere.conversation.create({ data: conversation(id, `in-${id}`) })
  }
  return async () => {
    await database.close()
    await remove()
  }
})

const conversation = (workspaceId: string, id: string) => ({
  ...{ id, workspaceId, externalId: id, visitorSealed: 'sealed', variablesSealed: 'sealed' },
  ...({ channel: 'CHAT', status: 'ACTIVE', startedAt: new Date(0) } as const),
})

/** What the database answers where it is told of workspace a alone. */
const asA = (query: object) => Promise.resolve<unknown>(reachOnly(query, ['a'], false))
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

describe('the wall between workspaces, without the guard in the code', () => {
  test('stands before every table but those of signing in, also for their owner (T1)', async () => {
    const tables = await everywhere.$queryRaw`
      SELECT relname, relrowsecurity AND relforcerowsecurity AS held, polcmd::text, polpermissive, polroles::text,
        pg_get_expr(polqual, pg_class.oid) AS rule
      FROM pg_class LEFT JOIN pg_policy ON polrelid = pg_class.oid
      WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
        AND relname NOT IN ('User', 'Session', 'AuthAccount', 'TwoFactor', 'Verification', '_prisma_migrations')`
    const rule = (column: string) =>
      expect.stringMatching(
        new RegExp(
          String.raw`^\(\(\( SELECT current_setting\('backchannel.workspace'::text, true\) AS current_setting\) = '\*'::text\) OR \(${column} = ANY `,
        ),
      )
    expect(tables).toHaveLength(30)
    for (const table of tables as { relname: string }[]) {
      expect(table, table.relname).toMatchObject({
        ...{ held: true, polcmd: '*', polpermissive: true, polroles: '{0}' },
        rule: rule(table.relname === 'Workspace' ? 'id' : '"workspaceId"'),
      })
    }
  })

  test('lets nothing of another workspace be read, changed, removed or added (T1)', async () => {
    expect(await asA(within.conversation.findMany({ select: { id: true } }))).toEqual([{ id: 'in-a' }])
    expect(await asA(within.conversation.findUnique({ where: { id: 'in-b' } }))).toBeNull()
    expect(await asA(within.$queryRaw`SELECT "id" FROM "Workspace"`)).toEqual([{ id: 'a' }])
    expect(await asA(within.$executeRaw`UPDATE "Conversation" SET "url" = 'x' WHERE "workspaceId" = 'b'`)).toBe(0)
    expect(await asA(within.conversation.deleteMany())).toEqual({ count: 1 })
    expect(await asA(within.$executeRaw`DELETE FROM "Workspace"`)).toBe(1)
    await expect(asA(within.conversation.create({ data: conversation('b', 'new') }))).rejects.toThrow(
      'row-level security',
    )
    await expect(asA(within.workspace.create({ data: { id: 'c', name: 'c' } }))).rejects.toThrow('row-level security')
    expect(await everywhere.conversation.findMany()).toMatchObject([{ id: 'in-b', url: null }])
    expect(await everywhere.workspace.findMany({ select: { id: true } })).toEqual([{ id: 'b' }])
  })

  test('lets no row be moved into another workspace (T1)', async () => {
    const move = within.conversation.updateMany({ where: { id: 'in-a' }, data: { workspaceId: 'b' } })
    await expect(asA(move)).rejects.toThrow('row-level security')
  })

  test('lets who names no workspace see nothing and add nothing (T1)', async () => {
    expect(await within.conversation.findMany()).toEqual([])
    expect(await within.$queryRaw`SELECT "id" FROM "Workspace"`).toEqual([])
    expect(await within.conversation.deleteMany()).toEqual({ count: 0 })
    await expect(within.conversation.create({ data: conversation('a', 'new') })).rejects.toThrow('row-level security')
  })
})

test('a server that no wall holds says so: its user is a superuser', async () => {
  const { url, remove } = await makeTestDatabase()
  const superuser = new URL(url)
  superuser.username = 'postgres'
  for (const [address, warnings] of [
    [url, []],
    [superuser.href, [expect.stringContaining('neither a superuser nor has BYPASSRLS')]],
  ] as const) {
    const database = await openPostgresql(address)
    expect(database.warnings).toEqual(warnings)
    await database.close()
  }
  await remove()
})

describe('a connection that serves many in turn', () => {
  test('keeps nothing of who came before, out of transactions and in them, ended well or not (T1)', async () => {
    const where = (workspaceId: string) => ({ where: { workspaceId }, select: { id: true } })
    const failing = (workspaceId: string) =>
      guarded
        .$transaction(async (transaction) => {
          await transaction.conversation.create({ data: conversation(workspaceId, 'never') })
          throw new Error('taken back')
        })
        .catch(() => 'taken back')
    const turn = (id: string) => [
      guarded.conversation.findMany(where(id)).then(ids),
      guarded.conversation.findUnique({ where: { id: `in-${id}`, workspaceId: id } }).then((row) => row && [row.id]),
      guarded.$transaction([guarded.conversation.findMany(where(id))]).then(([rows]) => ids(rows)),
      guarded.$transaction((transaction) => transaction.conversation.findMany(where(id))).then(ids),
    ]
    const rounds = Array.from({ length: 10 }, () => [
      ...turn('a').map((answer) => [answer, ['in-a']] as const),
      ...turn('b').map((answer) => [answer, ['in-b']] as const),
      [failing('a'), 'taken back'] as const,
      [within.conversation.count(), 0] as const,
      [acrossWorkspaces(guarded).conversation.count(), 2] as const,
      [within.$queryRaw`SELECT "id" FROM "Conversation"`, []] as const,
    ])
    for (const [answer, expected] of rounds.flat()) expect(await answer).toEqual(expected)
  })

  test('reaches what is asked for by key together, and tells each caller of their own', async () => {
    const find = (workspaceId: string, id: string) => guarded.conversation.findUnique({ where: { id, workspaceId } })
    const found = await Promise.all([find('a', 'in-a'), find('b', 'in-b'), find('a', 'in-b'), find('b', 'in-a')])
    expect(found.map((row) => row?.id ?? null)).toEqual(['in-a', 'in-b', null, null])
  })
})
