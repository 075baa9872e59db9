import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { provideBrowser } from './steps/browser.mjs'
import { prepare } from './steps/prepare.mjs'
import { runScript } from './steps/problem.mjs'
import { closingLine } from './steps/test-report.mjs'
import { cache, commandOf, root } from './steps/workspace.mjs'

/** Runs every test, or those that the arguments name as for vitest; the last line counts them. */
await runScript(async () => {
  await prepare()
  const browser = await provideBrowser()
  const report = join(cache, 'test-report.json')
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = await vitest(['run', ...reporters, ...process.argv.slice(2)], { CHROME_PATH: browser })
  console.log(closingLine(report))
  return code
})

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code
 */
function vitest(args, env) {
  const child = spawn(process.execPath, [commandOf('.', 'vitest'), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((resolve) => {
    child.on('close', (code) => resolve(code ?? 1))
  })
}
