import { spawn } from 'node:child_process'
import { prepare } from './prepare.mjs'
import { runScript } from './problem.mjs'
import { root } from './workspace.mjs'

/**
 * Runs one of the server's commands, with our arguments and our terminal.
 *
 * @param {string} entry its name in packages/server/dist, without extension
 */
export async function runServerCommand(entry) {
  await runScript(async () => {
    await prepare()
    const args = [`packages/server/dist/${entry}.js`, ...process.argv.slice(2)]
    const command = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
    // It ends in good order, and says what is left, before we do.
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => command.kill(signal))
    }
    return new Promise((resolve) => {
      command.on('close', (code) => resolve(code ?? 1))
    })
  })
}
