import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { provideBrowser } from './steps/browser.mjs'
import { coverage, readRules, readShown } from './steps/features.mjs'
import { prepare } from './steps/prepare.mjs'
import { runScript } from './steps/problem.mjs'
import { closingLine } from './steps/test-report.mjs'
import { provideTestServers } from './steps/test-servers.mjs'
import { cache, commandOf, root } from './steps/workspace.mjs'

/**
 * Runs every test, or those that the arguments name as for vitest; the last line counts them. Where all of them ran, a rule
 * that none has shown is a failure.
 */
await runScript(async () => {
  await prepare()
  await provideTestServers()
  const browser = await provideBrowser()
  const report = join(cache, 'test-report.json')
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const chosen = process.argv.slice(2)
  const code = await vitest(['run', ...reporters, ...chosen], { CHROME_PATH: browser })
  const unshown = chosen.length === 0 && existsSync(report) ? unshownRules(report) : []
  for (const line of unshown) console.error(line)
  console.log(closingLine(report))
  return code || (unshown.length > 0 ? 1 : 0)
})

/** @param {string} report */
function unshownRules(report) {
  const sections = readRules(readFileSync(join(root, 'docs/rules.md'), 'utf8'))
  return coverage(sections, readShown(report)).missing
}

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
