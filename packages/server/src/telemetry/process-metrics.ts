import { collectDefaultMetrics } from 'prom-client'
import type { Metrics } from './metrics.ts'

/** Adds what Node knows of the process: its memory, its processor time, its garbage collection, how late its event loop is. */
export function addProcess({ registry }: Pick<Metrics, 'registry'>): void {
  collectDefaultMetrics({ register: registry })
}
