/** The admin app in a real browser, built as users get it. */
import { startAdminApp } from '../../admin/admin-app.ts'
import { launchBrowser } from '../../support/browser.ts'
import { measureFirstLoad } from './first-load.ts'
import { measureLongList } from './long-list.ts'

/** @returns whether every count that must hold does */
export async function measureAdmin(rounds: number): Promise<boolean> {
  const app = await startAdminApp()
  try {
    const browser = await launchBrowser()
    const light = await measureFirstLoad(app, browser, rounds)
    await browser.close()
    await measureLongList(app, rounds)
    return light
  } finally {
    await app.stop()
  }
}
