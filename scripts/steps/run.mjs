import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { root } from './workspace.mjs'

/** A command that ended with another code than 0. */
export class CommandFailed extends Error {
  /** @override */
  name = 'CommandFailed'

  /**
   * @param {string} command
   * @param {number | string} code exit code, or the signal that ended it
   * @param {string} output everything it printed
   */
  constructor(command, code, output) {
    super(`"${command}" ended with ${code}`)
    this.code = code
    this.output = output
  }
}

/**
 * Runs a command to its end and answers what it printed.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: (line: string) => boolean }} [options]
 *   `show` says which lines to pass on while they come
 * @returns {Promise<string>}
 * @throws {CommandFailed}
 */
export function run(command, args, { cwd = root, env, show = () => false } = {}) {
  return new Promise((resolve, reject) => {
    // npx is a batch file on Windows, which only a shell can start.
    const shell = process.platform === 'win32' && !command.endsWith('.exe')
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output += `${line}\n`
        if (show(line)) console.log(line)
      })
    }
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output)
      else reject(new CommandFailed([command, ...args].join(' '), code ?? signal ?? 'no code', output))
    })
  })
}

/**
 * Runs a JavaScript file with this Node.
 *
 * @param {string} file
 * @param {string[]} [args]
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runNode(file, args = [], options) {
  return run(process.execPath, [file, ...args], options)
}
