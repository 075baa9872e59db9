import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { canInstallPackages, installPackage } from './debian.mjs'
import { Problem } from './problem.mjs'
import { CommandFailed } from './run.mjs'

/** The servers of which tests start ones of their own. */
const servers = [
  {
    name: 'PostgreSQL',
    isThere: hasPostgresql,
    install: installPostgresql,
    howTo:
      "apt-get install postgresql, or brew install postgresql; its folder of programs is found by pg_config's word",
  },
  {
    name: 'Redis',
    isThere: () => isOnPath('redis-server'),
    install: () => installPackage('redis-server'),
    howTo: 'apt-get install redis-server, or brew install redis',
  },
]

/**
 * Sees to the servers that tests start: installs what is not there, where it can.
 *
 * @returns {Promise<void>}
 * @throws {Problem} that says what to install
 */
export async function provideTestServers() {
  for (const { name, isThere, install, howTo } of servers) {
    if (isThere()) continue
    let reason = ''
    if (canInstallPackages) {
      console.log(`Installing ${name} for the tests`)
      try {
        await install()
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error
        reason = `\n${error.message}: ${error.output.trim().split('\n').at(-1)}`
      }
    }
    if (!isThere()) throw new Problem(`The tests need ${name}, and it was not found. Install it: ${howTo}.${reason}`)
  }
}

/** @param {string} command */
function isOnPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)))
}

function hasPostgresql() {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []
  return [...versions, ...toldByPgConfig()].some((folder) => existsSync(join(folder, 'initdb')))
}

/** `pg_config` also comes with what only compiles clients: what it names need not hold a server. */
function toldByPgConfig() {
  try {
    return [execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()]
  } catch {
    return []
  }
}

/** Debian's package would make and start a server of its own. */
async function installPostgresql() {
  mkdirSync('/etc/postgresql-common', { recursive: true })
  const settings = '/etc/postgresql-common/createcluster.conf'
  if (!existsSync(settings)) writeFileSync(settings, 'create_main_cluster = false\n')
  await installPackage('postgresql')
}
