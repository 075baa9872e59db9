/** From asking for a page of the admin app until one can use it, against a bare page in the same browser, interleaved. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type AdminApp, owner } from '../../admin/admin-app.ts'
import { median, printTable } from '../report.ts'

/** What the first page may weigh: gzipped script, in bytes. */
const MOST_SCRIPT = 250_000

interface Measured {
  ms: number
  scriptBytes: number
}

/** One kind of load; its page is usable when this heading and what follows it are there. */
interface Load {
  name: string
  path: string
  ready: (page: Page) => Promise<unknown>
  signedIn: boolean
}

const loads: readonly Load[] = [
  {
    name: 'sign-in',
    path: '/sign-in',
    ready: (page) => page.getByRole('button', { name: 'Sign in' }).waitFor(),
    signedIn: false,
  },
  {
    name: 'integrations',
    path: '/integrations',
    ready: (page) => page.getByRole('region', { name: 'Salesforce', exact: true }).waitFor(),
    signedIn: true,
  },
]

/** @returns whether the first page weighs as little as it must */
export async function measureFirstLoad(app: AdminApp, browser: Browser, rounds: number): Promise<boolean> {
  const bare = await startBarePage()
  const rows: Record<string, string | number>[] = []
  let heaviest = 0
  try {
    for (const load of loads) {
      const first: Measured[] = []
      const again: Measured[] = []
      const plain: Measured[] = []
      for (let round = 0; round < rounds; round += 1) {
        const context = await contextFor(app, browser, load)
        plain.push(await measure(context, bare.url, (page) => page.getByRole('heading').waitFor()))
        first.push(await measure(context, `${app.url}/admin${load.path}`, load.ready))
        again.push(await measure(context, `${app.url}/admin${load.path}`, load.ready))
        await context.close()
      }
      const ms = (measured: readonly Measured[]) => Math.round(median(measured.map((it) => it.ms)))
      const scriptBytes = Math.max(...first.map((it) => it.scriptBytes))
      heaviest = Math.max(heaviest, scriptBytes)
      rows.push({
        page: load.name,
        'bare ms': ms(plain),
        'first ms': ms(first),
        ratio: median(first.map((it, round) => it.ms / (plain[round]?.ms ?? it.ms))).toFixed(2),
        'again ms': ms(again),
        'script kB': (scriptBytes / 1000).toFixed(1),
      })
    }
  } finally {
    await bare.stop()
  }
  console.log('\nAdmin app: from asking for a page until it can be used; gzipped script of the first load\n')
  printTable(rows)
  if (heaviest <= MOST_SCRIPT) return true
  console.error(`The first page brings ${heaviest} bytes of gzipped script; ${MOST_SCRIPT} are allowed.`)
  return false
}

async function contextFor(app: AdminApp, browser: Browser, { signedIn }: Load): Promise<BrowserContext> {
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1440, height: 844 } })
  if (!signedIn) return context
  const answer = await context.request.post(`${app.url}/auth/sign-in/email`, {
    data: owner,
    headers: { origin: app.url },
  })
  if (!answer.ok()) throw new Error(`The owner could not sign in: HTTP ${answer.status()}`)
  return context
}

async function measure(
  context: BrowserContext,
  url: string,
  ready: (page: Page) => Promise<unknown>,
): Promise<Measured> {
  const page = await context.newPage()
  const begin = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  await ready(page)
  const ms = performance.now() - begin
  const scriptBytes = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((it) => it instanceof PerformanceResourceTiming && /\.js$/.test(new URL(it.name).pathname))
      .reduce((sum, it) => sum + (it instanceof PerformanceResourceTiming ? it.encodedBodySize : 0), 0),
  )
  await page.close()
  return { ms, scriptBytes }
}

async function startBarePage() {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><html lang="en"><title>Bare</title><h1>Bare</h1></html>')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(closed)
      }),
  }
}
