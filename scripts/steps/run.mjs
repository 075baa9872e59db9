import { spawn } from 'node:child_process'
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
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean }} [options]
 *   `show` passes the output on while it comes
 * @returns {Promise<string>}
 * @throws {CommandFailed}
 */
export function run(command, args, { cwd = root, env, show = false } = {}) {
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
    child.stdout.on('data', (chunk) => {
      output += chunk
      if (show) process.stdout.write(chunk)
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
      if (show) process.stderr.write(chunk)
    })
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
