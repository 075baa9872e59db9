/** From spawn to the first right answer: the gateway against the bare stack (Pothos, Prisma, Yoga), interleaved. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { freePort, type Gateway, root, type Search, searchRequest } from './gateway.ts'
import type { LoadRequest } from './load.ts'
import { answer, end, start, startProgram, usage } from './processes.ts'
import { median } from './report.ts'
import type { RecordedCall } from './upstream.ts'

const production = { NODE_ENV: 'production' }

interface ColdStartParts {
  bundles: string
  directory: string
  gateway: Gateway
  recorded: RecordedCall
  origin: string
  search: Search
  starts: number
}

export async function measureColdStart(parts: ColdStartParts): Promise<Record<string, string | number>[]> {
  const { bundles, directory, gateway, recorded, origin, search, starts } = parts
  await end(gateway.process)
  const found: Record<'gateway' | 'pothos', { ms: number[]; rssMb: number[] }> = {
    gateway: { ms: [], rssMb: [] },
    pothos: { ms: [], rssMb: [] },
  }
  for (let round = 0; round < starts; round += 1) {
    const port = await freePort()
    const begin = performance.now()
    const child = startProgram(join(root, 'packages/server/dist/main.js'), [], { ...gateway.env, PORT: String(port) })
    await untilRight(searchRequest(port, 'gateway', search))
    found.gateway.ms.push(performance.now() - begin)
    found.gateway.rssMb.push(usage(child)?.rssMb ?? 0)
    await end(child)

    const baseBegin = performance.now()
    const order = {
      origin,
      path: recorded.path,
      headers: recorded.headers,
      database: join(directory, 'backchannel.db'),
    }
    const base = start(join(bundles, 'contenders/pothos-prisma.js'), [JSON.stringify(order)], production)
    const { port: basePort } = await answer<{ port: number }>(base)
    await untilRight(searchRequest(basePort, 'pothos', search))
    found.pothos.ms.push(performance.now() - baseBegin)
    found.pothos.rssMb.push(usage(base)?.rssMb ?? 0)
    await end(base)
  }
  return (['pothos', 'gateway'] as const).map((name) => ({
    contender: name === 'pothos' ? 'pothos + prisma + yoga' : 'gateway',
    'median ms': Math.round(median(found[name].ms)),
    'RSS MB': Math.round(median(found[name].rssMb)),
    ratio: median(found[name].ms.map((ms, round) => ms / (found.pothos.ms[round] ?? ms))).toFixed(2),
  }))
}

async function untilRight({ url, method, headers, bodies, expect }: LoadRequest): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const text = await request(url, { method, headers, body: bodies[0] ?? null }).then(
      (response) => response.body.text(),
      () => '',
    )
    if (text.includes(expect)) return
    if (Date.now() > deadline) throw new Error(`No right answer within 30 s; the last was ${text.slice(0, 300)}`)
    await sleep(5)
  }
}
