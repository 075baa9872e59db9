/** Databases on the PostgreSQL that one run of the tests started (`postgresql-setup.ts`). */
import { randomUUID } from 'node:crypto'
import { runSql } from '../database/throwaway-postgresql.ts'

/** Up to date and otherwise empty: every test gets a copy. */
export const EMPTY = 'backchannel_empty'

/** @param server the address of a server that has the empty database */
export async function copyPostgresqlDatabase(server: string): Promise<{ url: string; remove(): Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await runSql(server, `CREATE DATABASE ${name} TEMPLATE ${EMPTY}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, remove: () => runSql(server, `DROP DATABASE ${name} WITH (FORCE)`) }
}
