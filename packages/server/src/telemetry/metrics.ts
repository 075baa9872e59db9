/** What is counted, for Prometheus. No label holds a name, an id or an address: each has a few values that are known beforehand. */
import type { ProviderCall } from '@backchannel/providers'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What is measured at the moment of asking. */
export interface GaugeOptions {
  name: string
  help: string
  /** What tells apart what `read` answers; without it, that is one number. */
  label?: string
  /** A number, or one for each value of the label. What it fails with is left out of the answer. */
  read(): Promise<number | Readonly<Record<string, number>>>
}

export type OperationKind = 'query' | 'mutation' | 'subscription' | 'unknown'
/** `failed`: by a fault of ours. `refused`: it was never run. */
export type OperationOutcome = 'ok' | 'errors' | 'failed' | 'refused'
export type PushOutcome = 'delivered' | 'partial' | 'retried' | 'failed' | 'released'
export type CacheName = 'documents' | 'callers'

export interface Metrics {
  requestAnswered(route: string, status: number): void
  operationEnded(kind: OperationKind, outcome: OperationOutcome, seconds: number): void
  crmCalled(call: ProviderCall): void
  pushAttempted(outcome: PushOutcome): void
  /** Whoever looks into a cache tells whether it was there. */
  cache(name: CacheName): (found: boolean) => void
  readonly registry: Registry
}

const kinds: readonly OperationKind[] = ['query', 'mutation', 'subscription', 'unknown']
const pushOutcomes: readonly PushOutcome[] = ['delivered', 'partial', 'retried', 'failed', 'released']
const OPERATION_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const CRM_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** A register of its own for each gateway and each worker. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Counter({
    name: 'backchannel_http_requests_total',
    help: 'Requests that were answered, by what they asked for and the status of the answer',
    labelNames: ['route', 'status'] as const,
    registers,
  })
  const operations = new Histogram({
    name: 'backchannel_graphql_operation_duration_seconds',
    help: 'GraphQL operations by kind and outcome, and how long each took; a subscription until it stood',
    labelNames: ['kind', 'outcome'] as const,
    buckets: OPERATION_BUCKETS,
    registers,
  })
  const calls = new Histogram({
    name: 'backchannel_crm_call_duration_seconds',
    help: 'Calls to CRMs by what they were for and what came of them (ok, or the error code), and how long each took',
    labelNames: ['crm', 'operation', 'outcome'] as const,
    buckets: CRM_BUCKETS,
    registers,
  })
  const attempts = new Counter({
    name: 'backchannel_push_attempts_total',
    help: 'Attempts to write a push into its CRM, by what came of them',
    labelNames: ['outcome'] as const,
    registers,
  })
  const lookUps = new Counter({
    name: 'backchannel_cache_requests_total',
    help: 'Looks into caches, by whether it was there',
    labelNames: ['cache', 'result'] as const,
    registers,
  })
  // What rises is seen from the first time on only where it was there before, at 0.
  for (const kind of kinds) operations.zero({ kind, outcome: 'failed' })
  for (const outcome of pushOutcomes) attempts.inc({ outcome }, 0)
  return {
    requestAnswered: (route, status) => requests.inc({ route, status: String(status) }),
    operationEnded: (kind, outcome, seconds) => operations.observe({ kind, outcome }, seconds),
    crmCalled: ({ provider, operation, durationMs, error }) => {
      const labels = { crm: provider.toLowerCase(), operation, outcome: error ?? 'ok' }
      calls.observe(labels, durationMs / 1_000)
    },
    pushAttempted: (outcome) => attempts.inc({ outcome }),
    cache: (cache) => (found) => lookUps.inc({ cache, result: found ? 'hit' : 'miss' }),
    registry,
  }
}

/** Adds what is measured when somebody asks. Of what cannot be read at that moment, nothing is shown. */
export function addGauge({ registry }: Pick<Metrics, 'registry'>, { name, help, label, read }: GaugeOptions): void {
  const gauge: Gauge<string> = new Gauge({
    ...{ name, help, labelNames: label === undefined ? [] : [label], registers: [registry] },
    async collect(): Promise<void> {
      const measured = await read().catch(() => null)
      gauge.reset()
      if (typeof measured === 'number') return gauge.set(measured)
      // With a label it is empty by now; without one it would say 0.
      if (label === undefined) return gauge.remove()
      for (const [value, count] of Object.entries(measured ?? {})) gauge.set({ [label]: value }, count)
    },
  })
}
