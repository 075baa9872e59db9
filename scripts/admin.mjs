import { spawn } from 'node:child_process'
import { prepare } from './steps/prepare.mjs'
import { runScript } from './steps/problem.mjs'
import { root } from './steps/workspace.mjs'

/** What an operator does without the app; arguments are handed on, `--help` lists the commands. */
await runScript(async () => {
  await prepare()
  const args = ['packages/server/dist/operator-main.js', ...process.argv.slice(2)]
  const command = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  return new Promise((resolve) => {
    command.on('close', (code) => resolve(code ?? 1))
  })
})
