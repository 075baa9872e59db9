import { Gauge } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { createLogger } from '../shared/logger.ts'
import { addGauge, createMetrics } from './metrics.ts'
import { openOperatorPort } from './operator-port.ts'

async function open(metrics = createMetrics()) {
  const lines: string[] = []
  const logger = createLogger('error', { write: (line) => lines.push(line) })
  const obstacle = async () => null
  const port = await openOperatorPort({ port: 0, host: '127.0.0.1', token: null, metrics, obstacle, logger })
  onTestFinished(() => port.close())
  const scrape = async () => {
    const response = await fetch(`http://127.0.0.1:${port.port}/metrics`)
    return { status: response.status, text: await response.text() }
  }
  return { metrics, lines, scrape }
}

test('what cannot be read at the moment is left out of the metrics, and all else is there', async () => {
  const { metrics, scrape } = await open()
  let away = false
  const read = async <T>(value: T) => {
    if (away) throw new Error('away')
    return value
  }
  addGauge(metrics, { name: 'waiting', help: 'One number', read: () => read(7) })
  addGauge(metrics, { name: 'by_state', help: 'Several', label: 'state', read: () => read({ queued: 7 }) })
  addGauge(metrics, { name: 'open', help: 'Of the process itself', read: async () => 3 })
  const samples = async () => {
    const { status, text } = await scrape()
    return [status, ...text.split('\n').filter((line) => /^(waiting|by_state|open)\b/.test(line))]
  }
  const all = [200, 'waiting 7', 'by_state{state="queued"} 7', 'open 3']
  expect(await samples()).toEqual(all)
  away = true
  expect(await samples()).toEqual([200, 'open 3'])
  away = false
  expect(await samples()).toEqual(all)
})

test('where the metrics themselves are at fault, whoever asks is told so and the log says why', async () => {
  const { metrics, lines, scrape } = await open()
  const collect = () => {
    throw new Error('a collector of ours is broken')
  }
  new Gauge({ name: 'broken', help: 'Fails', registers: [metrics.registry], collect })
  expect(await scrape()).toMatchObject({ status: 500, text: expect.stringContaining('The log says why') })
  expect(lines.join()).toContain('a collector of ours is broken')
})
