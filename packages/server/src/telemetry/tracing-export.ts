/** Sends spans to a collector, by OTLP over HTTP. Loaded only where the environment names one. */
import { setTimeout as wait } from 'node:timers/promises'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

/** How long the end of a process waits until a collector has taken the last spans. */
const LAST_SPANS_MS = 3_000

/**
 * Where to, and how much of it, the exporter reads itself from the variables that OpenTelemetry's specification names
 * (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_…`).
 *
 * @param service by what name its spans are found
 * @returns what sends the last spans and ends it; rejects where the collector did not take them in time
 */
export function startTracing(service: string, patienceMs = LAST_SPANS_MS): () => Promise<void> {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
  // Its context travels with what awaits, and callers' contexts come in as W3C's `traceparent`. Nothing of it is sent to CRMs.
  provider.register()
  const tooLate = async () => {
    await wait(patienceMs, undefined, { ref: false })
    throw new Error('The collector did not take the last spans in time')
  }
  return () => Promise.race([provider.shutdown(), tooLate()])
}
