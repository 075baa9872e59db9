import { isAbsolute, join } from 'node:path'
import { root } from './workspace.mjs'

/**
 * What a command that starts processes needs to know; everything else is for the server to read. As for the server, an
 * empty value counts as none.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function startSettings(env) {
  const folder = env.BACKCHANNEL_DATA || 'data'
  const production = env.NODE_ENV === 'production'
  const host = env.HOST || '127.0.0.1'
  const port = Number(env.PORT || 4000)
  return {
    /** Where the database, the keys and the emulated CRMs are kept. */
    data: isAbsolute(folder) ? folder : join(root, folder),
    host,
    port,
    /** Where the gateway is reached from this machine. */
    address: `http://${reachable(host)}:${port}`,
    /** Leaves GraphiQL out. */
    production,
    /** Whether the emulated CRMs may be wanted; the gateway alone knows whether a real org has taken their place. */
    emulator: (env.EMULATOR || (production ? 'off' : 'on')) === 'on',
    dynamicsPort: Number(env.EMULATOR_DYNAMICS_PORT || 4401),
    salesforcePort: Number(env.EMULATOR_SALESFORCE_PORT || 4402),
    /** How long a process may take to end by itself: as long as it goes on answering, and then finishes what it does. */
    patienceMs: (Number(env.DRAIN_SECONDS || 0) + 20) * 1_000,
  }
}

/** @param {string} host to listen on */
function reachable(host) {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/**
 * The ports that have to be free before anything is started.
 *
 * @param {ReturnType<typeof startSettings>} settings
 */
export function portsOf({ host, port, emulator, dynamicsPort, salesforcePort }) {
  const gateway = { port, host, variable: 'PORT', use: 'the gateway' }
  if (!emulator) return [gateway]
  const local = { host: '127.0.0.1' }
  return [
    gateway,
    { ...local, port: dynamicsPort, variable: 'EMULATOR_DYNAMICS_PORT', use: 'the emulated Dynamics 365' },
    { ...local, port: salesforcePort, variable: 'EMULATOR_SALESFORCE_PORT', use: 'the emulated Salesforce' },
  ]
}
