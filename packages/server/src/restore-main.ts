/** `npm run restore -- <file>`: puts a backup in the place of the database of DATABASE_URL. No server runs meanwhile. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isPostgresql } from './database/address.ts'
import { runCommand, untilStopped } from './database/backups/command.ts'
import { restorePostgresql } from './database/backups/postgresql.ts'
import { restoreSqlite } from './database/backups/sqlite.ts'
import { readEnv } from './env.ts'
import { OperatorError } from './shared/operator-error.ts'

const USAGE = 'Say which backup: npm run restore -- /path/of/the/backup, and --replace where a database is there.'

await runCommand(async (args) => {
  const { file, replace } = read(args)
  if (!existsSync(file)) throw new OperatorError(`There is no file ${file}.`)
  const { databaseUrl } = readEnv()
  const options = { replace, at: new Date().toISOString().replaceAll(/\D/g, '') }
  const kept = isPostgresql(databaseUrl)
    ? await restorePostgresql(file, databaseUrl, { ...options, signal: untilStopped() })
    : await restoreSqlite(file, databaseUrl.replace(/^file:/, ''), options)
  const aside = kept === null ? '' : ` What was there is kept as ${kept}: remove it once all is well.`
  return `Restored.${aside} Start servers and workers with the same BACKCHANNEL_KEYS as before.`
})

/** @throws OperatorError */
function read(args: readonly string[]): { file: string; replace: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { replace: { type: 'boolean', default: false } },
      allowPositionals: true,
    })
    const [given, ...others] = positionals
    if (given !== undefined && others.length === 0) return { file: resolve(given), replace: values.replace }
  } catch {
    // It names an option that there is not.
  }
  throw new OperatorError(USAGE)
}
