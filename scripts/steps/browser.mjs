import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { canInstallPackages, installPackage } from './debian.mjs'
import { Problem } from './problem.mjs'
import { CommandFailed, runNode } from './run.mjs'
import { commandOf, root } from './workspace.mjs'

/** The first has no window and does a page with less work. */
const commands = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
]

const programs = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((folder) => [
    join(process.env[folder] ?? '', 'Google/Chrome/Application/chrome.exe'),
    join(process.env[folder] ?? '', 'Microsoft/Edge/Application/msedge.exe'),
  ]),
}

/**
 * The browser that tests drive: `CHROME_PATH`, else an installed Chrome, Chromium or Edge, else the one that Playwright
 * has downloaded.
 *
 * @returns {string | undefined} its path
 */
export function findBrowser() {
  const named = process.env.CHROME_PATH
  if (named) {
    if (existsSync(named)) return named
    throw new Problem(`CHROME_PATH names ${named}, which does not exist.`)
  }
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => commands.map((command) => join(folder, command + suffix)))
  const usual = process.platform === 'darwin' || process.platform === 'win32' ? programs[process.platform] : []
  return [...onPath, ...usual, playwrightsOwn()].find((path) => existsSync(path))
}

/** Where Playwright would keep its own Chromium. */
function playwrightsOwn() {
  /** @type {{ chromium: { executablePath(): string } }} */
  const { chromium } = createRequire(join(root, 'test/package.json'))('playwright-core')
  return chromium.executablePath()
}

/**
 * Finds a browser, or installs one.
 *
 * @returns {Promise<string>} its path
 */
export async function provideBrowser() {
  const found = findBrowser()
  if (found) return found
  console.log('Installing a browser for the tests')
  const reasons = []
  for (const attempt of [installFromDebian, installFromPlaywright]) {
    try {
      await attempt()
      const installed = findBrowser()
      if (installed) return installed
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error
      reasons.push(`${error.message}: ${error.output.trim().split('\n').at(-1)}`)
    }
  }
  throw new Problem(
    'The tests of the admin app need Chrome, Chromium or Edge, and none was found or could be installed.\n' +
      `Install one, or name it: CHROME_PATH=/path/to/chrome npm test\n${reasons.join('\n')}`,
  )
}

async function installFromDebian() {
  // Ubuntu's chromium package is only a pointer to a snap, which does not run in containers.
  if (!canInstallPackages || /^ID=ubuntu/m.test(readFileSync('/etc/os-release', 'utf8'))) return
  await installPackage('chromium-headless-shell')
}

async function installFromPlaywright() {
  await runNode(commandOf('test', 'playwright-core'), ['install', 'chromium'])
}
