import { join } from 'node:path'
import { pnpm } from './pnpm.mjs'
import { Problem } from './problem.mjs'
import { CommandFailed, runNode } from './run.mjs'
import { whenChanged } from './stamp.mjs'
import { packageFolders, readJson, root } from './workspace.mjs'

/**
 * Installs every package at the versions of the lock file, with the pnpm that package.json names, unless that was done.
 */
export async function install() {
  const { platform, arch, versions } = process
  await whenChanged(
    {
      name: 'install',
      inputs: ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...packageFolders.map((folder) => `${folder}/package.json`)],
      outputs: packageFolders.map((folder) => `${folder}/node_modules`),
      // Native modules are compiled for one of these.
      facts: [platform, arch, versions.modules],
    },
    async () => {
      console.log('Installing packages (the first time this takes a minute or two)')
      await installing(['install', '--frozen-lockfile'])
      await checkDatabaseDriver()
    },
  )
}

/** Parts of tools that ask for a newer Node in their newest versions, and run on ours (each was tried). */
const harmless = /^\[WARN\] Unsupported engine/

/** @param {string[]} args */
async function installing(args) {
  try {
    await pnpm(args, { show: (line) => !harmless.test(line) })
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    throw new Problem(installProblem(error.output))
  }
}

/** After a change of Node the installed driver is of the old one, and pnpm holds it for up to date. */
async function checkDatabaseDriver() {
  if (await databaseDriverWorks()) return
  await installing(['rebuild', 'better-sqlite3'])
  if (!(await databaseDriverWorks())) throw new Problem(compilerProblem())
}

async function databaseDriverWorks() {
  const code = "new (require('better-sqlite3'))(':memory:').close()"
  return runNode('--eval', [code], { cwd: join(root, 'packages/server') }).then(
    () => true,
    () => false,
  )
}

/**
 * What to do when pnpm failed, read from what it printed.
 *
 * @param {string} output
 */
export function installProblem(output) {
  if (/ERR_PNPM_OUTDATED_LOCKFILE/.test(output)) {
    return (
      'pnpm-lock.yaml does not belong to the package.json files.\n' +
      `Run: npx ${readJson('package.json').packageManager} install, and commit the lock file.`
    )
  }
  if (/node-gyp|gyp ERR|prebuild-install/.test(output)) return compilerProblem()
  if (/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ERR_PNPM_META_FETCH_FAIL|network|fetch failed/i.test(output)) {
    return (
      'The packages could not be downloaded: the npm registry was not reached.\n' +
      'Check the network (behind a proxy or mirror: npm config set registry …) and run the command again.'
    )
  }
  return 'The packages could not be installed; the lines above say why.'
}

/**
 * What to install so that better-sqlite3, which holds the database, can be compiled.
 *
 * @param {NodeJS.Platform} [platform]
 */
export function compilerProblem(platform = process.platform) {
  const how = {
    darwin: 'xcode-select --install',
    win32:
      'winget install Microsoft.VisualStudio.2022.BuildTools (workload "Desktop development with C++") and Python 3',
    linux:
      'Debian, Ubuntu: apt-get install -y python3 make g++\n  Fedora: dnf install -y python3 make gcc-c++\n  Alpine: apk add python3 make g++',
  }
  return (
    'The SQLite driver (better-sqlite3) could not be compiled for this Node. It needs Python 3, make and a C++ compiler:\n' +
    `  ${platform === 'darwin' || platform === 'win32' ? how[platform] : how.linux}\nThen run the command again.`
  )
}
