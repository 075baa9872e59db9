import { spawn } from 'node:child_process'
import { provideBrowser } from './steps/browser.mjs'
import { prepare } from './steps/prepare.mjs'
import { runScript } from './steps/problem.mjs'
import { provideTestServers } from './steps/test-servers.mjs'
import { commandOf, root } from './steps/workspace.mjs'

/**
 * Runs every test that needs a database on PostgreSQL (`npm test` runs those on it that depend on it most), or those that
 * the arguments name as for vitest.
 */
await runScript(async () => {
  await prepare()
  await provideTestServers()
  const env = { ...process.env, CHROME_PATH: await provideBrowser(), TEST_DATABASE: 'postgresql' }
  const args = [commandOf('.', 'vitest'), 'run', '--project', '*-on-postgresql', ...process.argv.slice(2)]
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve) => {
    child.on('close', (code) => resolve(code ?? 1))
  })
})
