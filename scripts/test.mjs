import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { provideBrowser } from './steps/browser.mjs'
import { coverageOf, testReport as report } from './steps/features.mjs'
import { prepare } from './steps/prepare.mjs'
import { runScript } from './steps/problem.mjs'
import { takeSecondLook, worthASecondLook } from './steps/second-attempt.mjs'
import { closingLine } from './steps/test-report.mjs'
import { provideTestServers } from './steps/test-servers.mjs'
import { cache, commandOf, root } from './steps/workspace.mjs'

const reporters = ['default', 'json', join(root, 'scripts/steps/unhandled-errors.mjs')].map((it) => `--reporter=${it}`)

/**
 * Runs every test, or those that the arguments name as for vitest; the last line counts them. Where all of them ran, a rule
 * that none has shown is a failure. Where `CI` is set, a few files that failed are run once more, alone: docs/decisions/0018
 * says why.
 */
await runScript(async () => {
  await prepare()
  await provideTestServers()
  const browser = await provideBrowser()
  const unhandled = join(cache, 'unhandled-errors.txt')
  for (const file of [report, unhandled]) rmSync(file, { force: true })
  const chosen = process.argv.slice(2)
  const run = (/** @type {string} */ into, /** @type {string[]} */ files) =>
    vitest(['run', ...reporters, `--outputFile.json=${into}`, ...files], {
      CHROME_PATH: browser,
      UNHANDLED_ERRORS: unhandled,
    })
  let code = await run(report, chosen)
  // An error outside of every test is told by no file, and would be forgotten.
  const mayBeChance = code !== 0 && process.env['CI'] && existsSync(report) && !existsSync(unhandled)
  const doubtful = mayBeChance ? worthASecondLook(report) : []
  const named = []
  if (doubtful.length > 0) {
    const second = join(cache, 'second-test-report.json')
    rmSync(second, { force: true })
    code = await run(second, doubtful)
    if (existsSync(second)) named.push(...takeSecondLook(report, second))
  }
  const unshown = chosen.length === 0 && existsSync(report) ? coverageOf(report).missing : []
  for (const line of [...named, ...unshown]) console.error(line)
  console.log(closingLine(report))
  return code || (unshown.length > 0 ? 1 : 0)
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
