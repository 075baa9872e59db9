/** What a long list costs the page: a move by keyboard and a letter of a search, among few fields and among 200. */
import type { Page } from 'playwright-core'
import { lookUpId } from '../../../packages/server/src/shared/global-id.ts'
import type { AdminApp } from '../../admin/admin-app.ts'
import { orgsOf } from '../../gateway/searching.ts'
import { median, printTable } from '../report.ts'
import { addCustomFields, searchingCustomFields } from '../settings/fields.ts'

const counts = [10, 200] as const
const moves = 5
const term = 'field 9'

/** Milliseconds of the page's own thread. */
interface Cost {
  move: number
  letter: number
}

export async function measureLongList(app: AdminApp, rounds: number): Promise<void> {
  await addCustomFields(app.gateway.crm.dynamics)
  const orgs = await orgsOf(app.gateway)
  const { settings, integrations } = app.gateway.gateway.services
  const admin = app.gateway.viewer('ADMIN')
  const id = lookUpId('Integration', orgs.DYNAMICS.id)
  const document = (await settings.exportDocument(admin, id)) as Record<string, unknown>
  const costs = new Map<number, Cost[]>(counts.map((count) => [count, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const count of counts) {
      const version = (await integrations.find(app.gateway.workspaceId, id))?.settings.version ?? 0
      await settings.importDocument(admin, id, version, searchingCustomFields(document, count))
      const page = await app.open(`/settings/${encodeURIComponent(orgs.DYNAMICS.id)}/search-fields`)
      costs.get(count)?.push(await measure(page, count))
      await page.close()
    }
  }
  const [few = [], many = []] = counts.map((count) => costs.get(count) ?? [])
  const rows = (['move', 'letter'] as const).map((what) => ({
    what: what === 'move' ? 'a move by keyboard' : 'a letter of a search',
    '10 fields, ms': median(few.map((it) => it[what])).toFixed(1),
    '200 fields, ms': median(many.map((it) => it[what])).toFixed(1),
    ratio: median(many.map((it, round) => it[what] / (few[round]?.[what] ?? it[what]))).toFixed(2),
  }))
  console.log("\nAdmin app: what a list of fields costs the page's own thread (script, style and layout)\n")
  printTable(rows)
}

async function measure(page: Page, count: number): Promise<Cost> {
  const devtools = await page.context().newCDPSession(page)
  // The time that the page's own thread worked, whatever else the machine does.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busy = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0
    return 1000 * (of('ScriptDuration') + of('RecalcStyleDuration') + of('LayoutDuration'))
  }
  await page.getByRole('button', { name: 'Move Custom field 1', exact: true }).focus()
  await page.keyboard.press('Space')
  await page.getByText('Custom field 1 is picked up').waitFor({ state: 'attached' })
  // dnd-kit hears keys from the next timer on.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
  const beforeMoves = await busy()
  for (let place = 3; place < 3 + moves; place += 1) {
    await page.keyboard.press('ArrowDown')
    await page.getByText(`Custom field 1: ${place} of ${count}.`).waitFor({ state: 'attached' })
  }
  const move = ((await busy()) - beforeMoves) / moves
  await page.keyboard.press('Escape')
  const beforeSearch = await busy()
  await page.getByRole('searchbox', { name: 'Find in Search fields of Account' }).pressSequentially(term)
  await page.getByRole('button', { name: 'Move Custom field 1', exact: true }).waitFor({ state: 'detached' })
  return { move, letter: ((await busy()) - beforeSearch) / term.length }
}
