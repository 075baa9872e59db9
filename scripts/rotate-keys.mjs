import { spawn } from 'node:child_process'
import { prepare } from './steps/prepare.mjs'
import { runScript } from './steps/problem.mjs'
import { root } from './steps/workspace.mjs'

/** Seals all that is kept under the newest key of BACKCHANNEL_KEYS; it can be stopped and run again. */
await runScript(async () => {
  await prepare()
  const args = ['packages/server/dist/rotate-keys-main.js', ...process.argv.slice(2)]
  const command = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  // It ends in good order, and says what is left, before we do.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => command.kill(signal))
  return new Promise((resolve) => {
    command.on('close', (code) => resolve(code ?? 1))
  })
})
