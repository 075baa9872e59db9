import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { trace } from '@opentelemetry/api'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startTracing } from './tracing-export.ts'

test('a collector that takes nothing does not hold up the end of a process', async () => {
  const asked = vi.fn<() => void>()
  const collector = createServer(asked)
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${(collector.address() as AddressInfo).port}`)
  // By itself it would wait for ten minutes.
  vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '600000')
  onTestFinished(() => {
    vi.unstubAllEnvs()
    trace.disable()
    collector.closeAllConnections()
    collector.close()
  })
  const end = startTracing('test', 200)
  trace.getTracer('test').startSpan('the last one').end()
  await expect(end()).rejects.toThrow('did not take the last spans in time')
  expect(asked).toHaveBeenCalledOnce()
})
