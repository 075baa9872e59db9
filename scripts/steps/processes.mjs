import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Interrupted, Problem } from './problem.mjs'
import { root } from './workspace.mjs'

/**
 * Processes that live and die together: one that ends by itself ends the others, and a signal ends them all, the last
 * started first.
 */
export class ProcessGroup {
  /** @type {{ name: string, child: import('node:child_process').ChildProcess, closed: Promise<void> }[]} */
  #members = []
  #stopping = false
  /** @type {(end: Problem | Interrupted) => void} */
  #end = () => {}
  #patienceMs

  /** @param {number} patienceMs how long each may take to end by itself, in milliseconds */
  constructor(patienceMs) {
    this.#patienceMs = patienceMs
  }

  /** Settles when the group is to end: with the problem of a member that died, or with the signal that came. */
  ended = /** @type {Promise<Problem | Interrupted>} */ (
    new Promise((resolve) => {
      this.#end = resolve
    })
  )

  /**
   * Starts a member with this Node. Its errors are shown at once; its other lines are handed to `onLine`.
   *
   * @param {string} name as a person would call it
   * @param {string[]} args of Node
   * @param {{ env: NodeJS.ProcessEnv, onLine: (line: string) => void, cwd?: string }} options
   */
  start(name, args, { env, onLine, cwd = root }) {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      // A group of its own, so that Ctrl-C reaches only us and we choose the order. The open standard input tells it
      // that we live: it closes whatever way we end.
      detached: process.platform !== 'win32',
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) }).on('line', onLine)
    const closed = /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        child.on('error', (error) => {
          this.#end(new Problem(`${name} could not be started: ${error.message}`))
          resolve()
        })
        child.on('close', (code, signal) => {
          if (!this.#stopping) this.#end(new Problem(`${name} has ended by itself (${signal ?? `exit code ${code}`}).`))
          resolve()
        })
      })
    )
    this.#members.push({ name, child, closed })
  }

  /** Ends the group at the first signal, and without patience at the second. */
  endOnSignals() {
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => {
        if (this.#stopping) for (const { child } of this.#members) child.kill('SIGKILL')
        this.#end(new Interrupted(signal))
      })
    }
  }

  /** Ends every member, the last started first, each after the one before has finished its work. */
  async stop() {
    this.#stopping = true
    for (const { name, child, closed } of this.#members.toReversed()) {
      child.kill('SIGTERM')
      const timer = setTimeout(() => {
        console.error(`${name} does not end; it is ended by force.`)
        child.kill('SIGKILL')
      }, this.#patienceMs)
      await closed
      clearTimeout(timer)
    }
  }
}
