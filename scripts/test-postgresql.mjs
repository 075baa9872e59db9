import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { provideBrowser } from './steps/browser.mjs'
import { coverageOf, postgresqlReport } from './steps/features.mjs'
import { prepare } from './steps/prepare.mjs'
import { runScript } from './steps/problem.mjs'
import { closingLine } from './steps/test-report.mjs'
import { provideTestServers } from './steps/test-servers.mjs'
import { commandOf, root } from './steps/workspace.mjs'

/**
 * Runs every test that needs a database on PostgreSQL (`npm test` runs those on it that depend on it most), or those that
 * the arguments name as for vitest. With them run those of the providers, which show rules and cannot reach a database: so
 * where all ran, a rule that none has shown is a failure. The last line counts the tests and the rules.
 */
await runScript(async () => {
  await prepare()
  await provideTestServers()
  const env = { ...process.env, CHROME_PATH: await provideBrowser(), TEST_DATABASE: 'postgresql' }
  rmSync(postgresqlReport, { force: true })
  const chosen = process.argv.slice(2)
  const projects = ['--project=*-on-postgresql', '--project=providers']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${postgresqlReport}`]
  const args = [commandOf('.', 'vitest'), 'run', ...projects, ...reporters, ...chosen]
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await new Promise((resolve) => {
    child.on('close', (code) => resolve(code ?? 1))
  })
  if (chosen.length > 0 || !existsSync(postgresqlReport)) {
    console.log(closingLine(postgresqlReport))
    return code
  }
  const { lines, missing } = coverageOf(postgresqlReport)
  console.log(lines.join('\n'))
  for (const line of missing) console.error(line)
  console.log(`On PostgreSQL: ${closingLine(postgresqlReport)}; ${missing.length} rules not shown`)
  return code || (missing.length > 0 ? 1 : 0)
})
