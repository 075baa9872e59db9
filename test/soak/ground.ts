/** What a run stands on: SQLite in a file, or PostgreSQL and Redis, which go away in the middle and come back. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { PrismaClient } from '../../packages/server/src/database/index.ts'
import { runSql, startThrowawayPostgresql } from '../../packages/server/src/database/throwaway-postgresql.ts'
import { startRedis } from '../support/redis-server.ts'

export type GroundKind = 'sqlite' | 'postgresql'

export interface Ground {
  readonly databaseUrl: string
  readonly redisUrl: string | null
  /** What befalls it in the middle of a run, one after another; each is over when it ends. */
  readonly troubles: readonly Trouble[]
  /** How often the database went away so far, and how often it came back. */
  readonly outages: { readonly begun: number; readonly ended: number }
  /** `ok`, or what is not sound about the database. */
  check(prisma: PrismaClient): Promise<string>
  /** What ends by a clock of its own has ended, as in a run whose own clock was put forward by hours. */
  letHoursPass(): Promise<void>
  remove(): Promise<void>
}

export interface Trouble {
  readonly name: string
  strike(): Promise<void>
}

/** @param directory where SQLite's file lies */
export function openGround(kind: GroundKind, directory: string): Promise<Ground> {
  return kind === 'postgresql' ? openServers() : openFile(directory)
}

async function openFile(directory: string): Promise<Ground> {
  return {
    databaseUrl: `file:${join(directory, 'backchannel.db')}`,
    redisUrl: null,
    troubles: [],
    outages: { begun: 0, ended: 0 },
    async check(prisma) {
      const rows = await prisma.$queryRawUnsafe<{ integrity_check: string }[]>('PRAGMA integrity_check')
      return rows.map((row) => row.integrity_check).join(', ')
    },
    async letHoursPass() {},
    async remove() {},
  }
}

/** How long each of them is away, in milliseconds. */
const awayMs = 2_000

async function openServers(): Promise<Ground> {
  const [postgresql, redis] = await Promise.all([startThrowawayPostgresql(), startRedis()])
  await runSql(postgresql.url('postgres'), 'CREATE DATABASE soak')
  const databaseUrl = postgresql.url('soak')
  const outages = { begun: 0, ended: 0 }
  const restartPostgresql: Trouble = {
    name: 'PostgreSQL killed and restarted',
    async strike() {
      outages.begun += 1
      await postgresql.kill()
      await wait(awayMs)
      await postgresql.start()
      outages.ended += 1
    },
  }
  const flush = async () => void (await redis.say('FLUSHALL'))
  const flushRedis: Trouble = { name: 'Redis flushed', strike: flush }
  const restartRedis: Trouble = {
    name: 'Redis killed and restarted empty',
    async strike() {
      await redis.kill()
      await wait(awayMs)
      await redis.start()
    },
  }
  return {
    databaseUrl,
    redisUrl: redis.url,
    troubles: [flushRedis, restartPostgresql, restartRedis, restartPostgresql],
    outages,
    async check() {
      // Raises an error at the first index that does not agree with its table. Only a superuser may ask for it.
      const everyIndex = `SELECT bt_index_check("indexrelid", true) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        JOIN pg_am ON pg_am.oid = relam AND amname = 'btree' WHERE relnamespace = 'public'::regnamespace`
      const sql = `CREATE EXTENSION IF NOT EXISTS amcheck; ${everyIndex}`
      return runSql(postgresql.url('soak', 'postgres'), sql).then(() => 'ok', String)
    },
    letHoursPass: flush,
    async remove() {
      await Promise.all([postgresql.stop(), redis.stop()])
    },
  }
}
