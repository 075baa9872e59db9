import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlQuery, Transaction } from '@prisma/driver-adapter-utils'
import { withRetry } from './busy.ts'
import { createTurns, type Turns } from './turns.ts'

/** The synchronous driver never blocks the event loop for a lock: we wait asynchronously instead. */
const BLOCKING_WAIT_MS = 0
const WRITES = /^\s*(insert|update|delete|replace|with)\b/i

/**
 * Prisma's adapter for better-sqlite3 with its traps closed (toolchain.md, "SQLite through Prisma's adapter").
 *
 * - A transaction has a connection of its own. Prisma's adapter shares one, so that a statement made meanwhile by
 *   somebody else would join the transaction and be rolled back with it.
 * - It opens with BEGIN IMMEDIATE, so a lock held elsewhere is met before anything was read, and waited for.
 * - Writers of this process take turns, and so never meet each other's lock; those of other processes get theirs in
 *   between, however much this one has to write. (A transaction must not await a write made
 *   outside of it: that one waits for its end, until Prisma's time limit ends it.)
 * - A connection whose transaction could not be ended is closed, not used again.
 * - Every connection proves that it is in WAL mode and synchronises fully: what was promised survives a power cut; and
 *   that what is deleted is overwritten: what was erased cannot be read out of the file's free pages.
 */
export function createSqliteAdapter(path: string): SqlDriverAdapterFactory {
  const factory = new PrismaBetterSqlite3({ url: path, timeout: BLOCKING_WAIT_MS })
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const connections = createPool(() => openConnection(factory))
      return createAdapter(await openConnection(factory), connections, createTurns())
    },
  }
}

function createAdapter(main: SqlDriverAdapter, pool: Pool, turns: Turns): SqlDriverAdapter {
  const inTurn = <T>(work: () => Promise<T>) => turns.run(() => withRetry(work))
  return {
    provider: main.provider,
    adapterName: main.adapterName,
    // A statement that returns rows may write: INSERT … RETURNING.
    queryRaw: (query) =>
      WRITES.test(query.sql) ? inTurn(() => main.queryRaw(query)) : withRetry(() => main.queryRaw(query)),
    executeRaw: (query) => inTurn(() => main.executeRaw(query)),
    executeScript: (script) => inTurn(() => main.executeScript(script)),
    async startTransaction(isolationLevel) {
      if (isolationLevel && isolationLevel !== 'SERIALIZABLE') return main.startTransaction(isolationLevel)
      const leave = await turns.enter()
      try {
        const connection = await pool.take()
        await withRetry(() => connection.executeScript('BEGIN IMMEDIATE')).catch(async (error: unknown) => {
          await connection.dispose()
          throw error
        })
        return createTransaction(connection, pool, leave)
      } catch (error) {
        leave()
        throw error
      }
    },
    async dispose() {
      await pool.close()
      await main.dispose()
    },
  }
}

function createTransaction(connection: SqlDriverAdapter, pool: Pool, leave: () => void): Transaction {
  const end = async (statement: 'COMMIT' | 'ROLLBACK') => {
    try {
      await connection.executeScript(statement)
      pool.give(connection)
    } catch (error) {
      await connection.dispose()
      throw error
    } finally {
      leave()
    }
  }
  const run = (sql: string) => connection.executeScript(sql)
  return {
    provider: connection.provider,
    adapterName: connection.adapterName,
    options: { usePhantomQuery: true },
    queryRaw: (query) => connection.queryRaw(query),
    executeRaw: (query) => connection.executeRaw(query),
    commit: () => end('COMMIT'),
    rollback: () => end('ROLLBACK'),
    createSavepoint: (name) => run(`SAVEPOINT ${name}`),
    rollbackToSavepoint: (name) => run(`ROLLBACK TO ${name}`),
    releaseSavepoint: (name) => run(`RELEASE ${name}`),
  }
}

interface Pool {
  take(): Promise<SqlDriverAdapter>
  give(connection: SqlDriverAdapter): void
  close(): Promise<void>
}

/** Keeps connections for the next transaction. Writers take turns, so there is hardly ever more than one. */
function createPool(open: () => Promise<SqlDriverAdapter>): Pool {
  let idle: SqlDriverAdapter[] = []
  let closed = false
  return {
    take: async () => idle.pop() ?? open(),
    give(connection) {
      if (closed) void connection.dispose()
      else idle.push(connection)
    },
    async close() {
      closed = true
      const connections = idle
      idle = []
      for (const connection of connections) await connection.dispose()
    },
  }
}

/** The pragmas that a promise to a caller rests on, and what each must answer once it is set. */
const PRAGMAS = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  ['secure_delete', 'ON', 1],
] as const

async function openConnection(factory: SqlDriverAdapterFactory): Promise<SqlDriverAdapter> {
  const connection = await factory.connect()
  try {
    for (const [pragma, value, answer] of PRAGMAS) {
      await withRetry(() => connection.queryRaw(statement(`PRAGMA ${pragma} = ${value}`)))
      const { rows } = await withRetry(() => connection.queryRaw(statement(`PRAGMA ${pragma}`)))
      if (rows[0]?.[0] !== answer) throw new Error(`SQLite does not hold to PRAGMA ${pragma} = ${value} here`)
    }
    return connection
  } catch (error) {
    await connection.dispose()
    throw error
  }
}

function statement(sql: string): SqlQuery {
  return { sql, args: [], argTypes: [] }
}
