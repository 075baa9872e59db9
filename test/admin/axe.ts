/** axe-core on a page: what it finds wrong, in lines that a person can act on. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Every violation of WCAG 2.0 to 2.2 (A, AA) and of axe's best practices: rule, help, and where. */
export async function violations(page: Page): Promise<string[]> {
  // What fades in has not its own colours yet.
  await page.evaluate(() => Promise.all(document.getAnimations().map((it) => it.finished.catch(() => {}))))
  // Run by the debugger's connection, which the page's headers do not bind.
  await page.evaluate(source)
  const { violations: found } = await page.evaluate<AxeResults>(
    "axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  )
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(' ')} (${failureSummary ?? ''})`),
  )
}
