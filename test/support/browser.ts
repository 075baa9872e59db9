import { type Browser, chromium } from 'playwright-core'
import { findBrowser } from '../../scripts/steps/browser.mjs'

/** What a browser under test must not do by itself: call its maker, update, ask questions. */
const quiet = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // A page lives for a second or two: what the compiler's best takes to make is never won back.
  '--js-flags=--no-opt --no-maglev',
]

/**
 * Starts the browser that `npm test` has found or installed.
 *
 * @throws where there is none, since no test is skipped for want of a browser
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser()
  if (executablePath === undefined) {
    throw new Error('No browser was found. `npm test` installs one; or name one: CHROME_PATH=/path/to/chrome')
  }
  // Chrome's sandbox does not start for root, as whom containers run.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath, args: [...quiet, ...sandbox] })
}
