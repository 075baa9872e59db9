import type { BacklogStore } from './backlog-store.ts'
import { addGauge, type Metrics } from './metrics.ts'

/** Adds what waits in the database. It is the same whichever process is asked: take the greatest, not the sum. */
export function addBacklog(metrics: Metrics, store: BacklogStore): void {
  addGauge(metrics, {
    name: 'backchannel_database_up',
    help: '1 where the database answered',
    read: () =>
      store.ping().then(
        () => 1,
        () => 0,
      ),
  })
  addGauge(metrics, {
    name: 'backchannel_pushes',
    help: 'Pushes of the whole installation that are not delivered, by state',
    label: 'state',
    read: async () => (await store.pushes()).counts,
  })
  addGauge(metrics, {
    name: 'backchannel_push_oldest_due_seconds',
    help: 'For how long the longest due push of the whole installation has been due; 0 where none is',
    read: async () => (await store.pushes()).oldestDueSeconds,
  })
  addGauge(metrics, {
    name: 'backchannel_look_ups_due',
    help: 'Look-ups of visitors of the whole installation that are due',
    read: () => store.lookUps(),
  })
  addGauge(metrics, {
    name: 'backchannel_integrations',
    help: 'Integrations of the whole installation by state; paused: their CRM is left alone for now, whatever else they are',
    label: 'state',
    read: () => store.integrations(),
  })
}
