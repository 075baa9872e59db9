import { existsSync } from 'node:fs'
import { run } from './run.mjs'

/** Whether packages of Debian, or of what is made from it, can be installed by who runs this. */
export const canInstallPackages = existsSync('/etc/debian_version') && process.getuid?.() === 0

/**
 * Installs a package, and starts no service of it.
 *
 * @param {string} name
 * @returns {Promise<void>}
 * @throws {import('./run.mjs').CommandFailed}
 */
export async function installPackage(name) {
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await run('apt-get', ['update'], { env })
  await run('apt-get', ['install', '-y', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold', name], {
    env,
  })
}
