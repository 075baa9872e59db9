import type { SharedState } from '../shared-state/shared-state.ts'
import { addGauge, type Metrics } from './metrics.ts'

/** Tells whether Redis can be used by this instance. */
export function watchRedis(metrics: Pick<Metrics, 'registry'>, shared: Pick<SharedState, 'trouble'>): void {
  addGauge(metrics, {
    name: 'backchannel_redis_up',
    help: 'Whether Redis can be used; without it this instance goes on by itself',
    read: async () => (shared.trouble() === null ? 1 : 0),
  })
}
