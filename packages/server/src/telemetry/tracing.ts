/**
 * Spans, by the API of OpenTelemetry: without an exporter (`tracing-export.ts`) each is a call that does nothing.
 * A span holds ids, codes, counts and names that stand in source code; never texts, visitors' data, tokens or addresses.
 */
import { type Attributes, context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('backchannel')

/** Runs work inside a span of its own, which ends with it; what fails marks the span, by the name of its error alone. */
export function traced<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
  kind: SpanKind = SpanKind.INTERNAL,
): Promise<T> {
  return tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      markFailed(span, error instanceof Error ? error.name : 'unknown')
      throw error
    } finally {
      span.end()
    }
  })
}

/** As `traced`, for a request: below the span that its caller names in `traceparent`, where there is one. */
export function tracedRequest(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<void>,
): Promise<void> {
  const caller = propagation.extract(context.active(), headers)
  return context.with(caller, () => traced(name, attributes, work, SpanKind.SERVER))
}

/** Notes what has ended just now, and how long it took. */
export function noteSpan(name: string, attributes: Attributes, durationMs: number, error: string | null): void {
  const startTime = Date.now() - durationMs
  const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes, startTime })
  if (error !== null) markFailed(span, error)
  span.end()
}

export function markFailed(span: Span, type: string): void {
  span.setAttribute('error.type', type)
  span.setStatus({ code: SpanStatusCode.ERROR })
}
