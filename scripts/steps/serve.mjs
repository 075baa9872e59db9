import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { demoSignIn } from './demo-sign-in.mjs'
import { Problem } from './problem.mjs'

/** How long a process may take until it answers, in milliseconds. */
const patience = 60_000

/**
 * Starts the emulated CRMs, where wanted, and then the gateway, and waits until it is ready.
 *
 * @param {import('./processes.mjs').ProcessGroup} group
 * @param {ReturnType<typeof import('./settings.mjs').startSettings>} settings
 * @param {{ emulator: string[], server: string[] }} entries what Node runs for each
 * @returns {Promise<{ email: string, password: string | undefined } | undefined>} the demo's first owner
 */
export async function serve(group, settings, entries) {
  const { data, host, port, dynamicsPort, salesforcePort } = settings
  if (settings.emulator) await startEmulator(group, settings, entries.emulator)

  const signIn = settings.emulator ? demoSignIn(data, process.env) : undefined
  group.start('The gateway', [...entries.server, '--with-parent'], {
    env: {
      HOST: host,
      PORT: String(port),
      BACKCHANNEL_DATA: data,
      EMULATOR_DYNAMICS_PORT: String(dynamicsPort),
      EMULATOR_SALESFORCE_PORT: String(salesforcePort),
      ...signIn?.env,
    },
    onLine: (line) => console.log(line),
  })
  const waiting = new AbortController()
  try {
    await untilEnded(group, untilReady(`${settings.address}/ready`, waiting.signal))
  } finally {
    waiting.abort()
  }
  return signIn
}

/**
 * @param {import('./processes.mjs').ProcessGroup} group
 * @param {ReturnType<typeof import('./settings.mjs').startSettings>} settings
 * @param {string[]} entry
 */
async function startEmulator(group, { data, dynamicsPort, salesforcePort }, entry) {
  const ready = /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      const args = ['--dynamics-port', String(dynamicsPort), '--salesforce-port', String(salesforcePort)]
      group.start('The emulator', [...entry, ...args, '--directory', join(data, 'emulator'), '--with-parent'], {
        env: {},
        // The first line says that it listens; our own words about it follow.
        onLine: (line) => (line.startsWith('{') ? resolve() : console.log(line)),
      })
    })
  )
  await untilEnded(group, ready)
}

/**
 * Waits for something that a group does, or fails with the reason why the group ends.
 *
 * @param {import('./processes.mjs').ProcessGroup} group
 * @param {Promise<void>} done
 */
async function untilEnded(group, done) {
  const end = await Promise.race([done.then(() => /** @type {const} */ ('done')), group.ended])
  if (end === 'done') return
  if (end) throw end
  throw new Problem('Ended before everything had started.')
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function untilReady(url, signal) {
  const deadline = Date.now() + patience
  while (Date.now() < deadline) {
    const ready = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) }).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) return
    await sleep(50, undefined, { signal })
  }
  throw new Problem(`The gateway did not get ready within ${patience / 1_000} s; ${url} says what it waits for.`)
}
