/** `npm run backup -- <file>`: copies the database of DATABASE_URL, of either kind, into a file. Servers may run meanwhile. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { isPostgresql } from './database/address.ts'
import { runCommand, untilStopped } from './database/backups/command.ts'
import { backUpPostgresql } from './database/backups/postgresql.ts'
import { backUpSqlite } from './database/backups/sqlite.ts'
import { readEnv } from './env.ts'
import { OperatorError } from './shared/operator-error.ts'

await runCommand(async ([given, ...others]) => {
  if (given === undefined || others.length > 0) {
    throw new OperatorError('Say into which file: npm run backup -- /path/of/the/backup.')
  }
  const file = resolve(given)
  if (existsSync(file)) throw new OperatorError(`There is a file ${file}. Name one that is not there yet.`)
  const { databaseUrl } = readEnv()
  // What is half made holds what people wrote: it is removed.
  const signal = untilStopped()
  if (isPostgresql(databaseUrl)) await backUpPostgresql(databaseUrl, file, signal)
  else await backUpSqlite(databaseUrl.replace(/^file:/, ''), file, signal)
  return `All is in ${file}, except BACKCHANNEL_KEYS (or the file of keys beside the database): without them it cannot be read. Keep both, apart from each other.`
})
