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
  // As the superuser, who alone may end a cleaning of PostgreSQL's own that is in it at this moment.
  const superuser = new URL(server)
  superuser.username = 'postgres'
  return { url: url.href, remove: () => runSql(superuser.href, `DROP DATABASE ${name} WITH (FORCE)`) }
}
