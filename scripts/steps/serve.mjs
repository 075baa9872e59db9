import { join } from 'node:path'
import { firstOwner } from './first-owner.mjs'
import { Problem } from './problem.mjs'

/** How long the gateway may take until it answers, in milliseconds. */
const patience = 60_000

/**
 * What is true once everything runs.
 *
 * @typedef {object} Ready
 * @property {boolean} emulated whether the gateway uses the emulated CRMs
 * @property {import('./first-owner.mjs').FirstOwner | undefined} owner who would be the first owner of empty data
 * @property {string | null} firstRun where the first owner is made, while there is none
 * @property {boolean} ownerExists whether there is an account with that owner's e-mail address
 */

/**
 * Starts the emulated CRMs, where they may be wanted, and then the gateway, and waits until it is ready.
 *
 * @param {import('./processes.mjs').ProcessGroup} group
 * @param {ReturnType<typeof import('./settings.mjs').startSettings>} settings
 * @param {{ emulator: string[], server: string[] }} entries what Node runs for each
 * @returns {Promise<Ready>}
 */
export async function serve(group, settings, entries) {
  if (settings.emulator) await untilEnded(group, startEmulator(group, settings, entries.emulator))
  const owner = firstOwner(settings, process.env)
  const said = await untilEnded(group, startGateway(group, settings, entries.server, owner))
  return { emulated: said.emulated, owner, ownerExists: said.firstOwnerExists, firstRun: said.firstRun }
}

/**
 * @param {import('./processes.mjs').ProcessGroup} group
 * @param {ReturnType<typeof import('./settings.mjs').startSettings>} settings
 * @param {string[]} entry
 * @returns {Promise<void>} settles when it listens
 */
function startEmulator(group, { data, dynamicsPort, salesforcePort }, entry) {
  return new Promise((resolve) => {
    const args = ['--dynamics-port', String(dynamicsPort), '--salesforce-port', String(salesforcePort)]
    group.start('The emulator', [...entry, ...args, '--directory', join(data, 'emulator'), '--with-parent'], {
      env: {},
      // The first line says that it listens; our own words about it follow.
      onLine: (line) => (line.startsWith('{') ? resolve() : console.log(line)),
    })
  })
}

/**
 * @param {import('./processes.mjs').ProcessGroup} group
 * @param {ReturnType<typeof import('./settings.mjs').startSettings>} settings
 * @param {string[]} entry
 * @param {import('./first-owner.mjs').FirstOwner | undefined} owner
 * @returns {Promise<{ emulated: boolean, firstOwnerExists: boolean, firstRun: string | null }>} what it says when it is ready
 */
function startGateway(group, { data, host, port, dynamicsPort, salesforcePort }, entry, owner) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Problem(`The gateway did not get ready within ${patience / 1_000} s; the lines above say why.`))
    }, patience)
    timer.unref()
    group.start('The gateway', [...entry, '--with-parent'], {
      env: {
        HOST: host,
        PORT: String(port),
        BACKCHANNEL_DATA: data,
        EMULATOR_DYNAMICS_PORT: String(dynamicsPort),
        EMULATOR_SALESFORCE_PORT: String(salesforcePort),
        ...owner?.env,
      },
      onLine: (line) => {
        console.log(line)
        const ready = readReady(line)
        if (!ready) return
        clearTimeout(timer)
        resolve(ready)
      },
    })
  })
}

/**
 * @param {string} line of the gateway's log
 * @returns {{ emulated: boolean, firstOwnerExists: boolean, firstRun: string | null } | undefined}
 */
function readReady(line) {
  if (!line.startsWith('{') || !line.includes('"Ready"')) return
  const entry = JSON.parse(line)
  return entry.msg === 'Ready' ? entry : undefined
}

/**
 * Waits for something that a group does, or fails with the reason why the group ends.
 *
 * @template T
 * @param {import('./processes.mjs').ProcessGroup} group
 * @param {Promise<T>} done
 * @returns {Promise<T>}
 */
async function untilEnded(group, done) {
  return Promise.race([
    done,
    group.ended.then((end) => {
      throw end
    }),
  ])
}
