/** `npm run move-to-postgresql`: what the SQLite database keeps goes to the PostgreSQL of DATABASE_URL. No server runs meanwhile. */
import { resolve } from 'node:path'
import { isPostgresql } from './database/address.ts'
import { openDatabase } from './database/index.ts'
import { readMigrations } from './database/migrations.ts'
import { checkVersions, move } from './database/moving/move.ts'
import { openSoleSqlite } from './database/moving/sole-sqlite.ts'
import { reportSentences } from './database/moving/words.ts'
import { appliedPostgresqlMigrations } from './database/postgresql-migrations.ts'
import { acrossWorkspaces } from './database/workspace-guard.ts'
import { ConfigurationError, readEnv } from './env.ts'
import { failureText } from './failure-text.ts'

const NO_TARGET = 'Set DATABASE_URL to the PostgreSQL database to move to: postgresql://user:password@host/name.'
/** After how many rows of a table it is said how far it is. */
const EVERY = 2_000

const say = (line: string) => process.stdout.write(`${line}\n`)

async function main([given]: readonly string[]): Promise<void> {
  const { databaseUrl, ownDatabaseUrl } = readEnv()
  if (!isPostgresql(databaseUrl)) throw new ConfigurationError(NO_TARGET)
  const path = resolve((given ?? ownDatabaseUrl).replace(/^file:/, ''))
  const source = await openSoleSqlite(path)
  try {
    checkVersions(path, source.migrations, await readMigrations('sqlite'))
    const { prisma, close } = await openDatabase(databaseUrl, { unhurried: true })
    try {
      checkVersions(
        'The target',
        (await appliedPostgresqlMigrations(databaseUrl)) ?? [],
        await readMigrations('postgresql'),
      )
      const onRows = (table: string, rows: number) =>
        void (rows % EVERY === 0 && say(`${table}: ${rows} rows are over`))
      const report = await move(source, acrossWorkspaces(prisma), { onRows })
      for (const line of reportSentences(report)) say(line)
    } finally {
      await close()
    }
  } finally {
    await source.close()
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${failureText(error)}\n`)
  process.exitCode = 1
}
