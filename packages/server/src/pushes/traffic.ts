/** What this process has learnt of each CRM by its pushes: how many may be under way, and whether it is left alone. */
import type { ProviderError } from '@backchannel/providers'
import type { Place, SharedState } from '../shared-state/shared-state.ts'
import { firstPace, type Pace, paceAfter } from './pace.ts'
import type { Pass, PauseStore } from './pause-store.ts'
import { pauseAfter, type Sign, signOf } from './schedule.ts'

export interface Traffic {
  /** How many pushes of an integration may be under way at a time. */
  places(integrationId: string): number
  /** Takes one of the places that all workers have together, for the length of a lease; null: they are taken. */
  takePlace(integrationId: string): Promise<PushPlace | null>
  answered(pass: Pass): Promise<void>
  /** Answers for how many seconds the CRM is left alone from now on; null: it is not. */
  failed(pass: Pass, error: ProviderError): Promise<number | null>
  /** The push was given up before the CRM was asked. */
  unheard(pass: Pass): Promise<void>
}

export interface PushPlace {
  /** Keeps it for the length of another lease. */
  stay(): void
  leave(): void
}

export interface TrafficParts {
  pauses: PauseStore
  /** What other workers have a part in. */
  shared: Pick<SharedState, 'gate'>
  /** How long a place is kept by a worker that fell silent, in milliseconds. */
  leaseMs: number
  /** Most places of one integration. Of Salesforce's guides: 5 for each org (reliability.md 3.3). */
  perIntegration: number
}

export function createTraffic({ pauses, shared, leaseMs, perIntegration }: TrafficParts): Traffic {
  const paces = new Map<string, Pace>()

  function note(integrationId: string, sign: Sign): Pace {
    const pace = paceAfter(paces.get(integrationId) ?? firstPace, sign, perIntegration)
    paces.set(integrationId, pace)
    return pace
  }

  const pushPlace = (place: Place): PushPlace => ({ stay: () => place.stay(leaseMs), leave: () => place.leave(0) })

  async function answered(pass: Pass): Promise<void> {
    note(pass.integrationId, 'ANSWERED')
    await pauses.end(pass)
  }

  return {
    places: (integrationId) => Math.min(perIntegration, (paces.get(integrationId) ?? firstPace).places),
    async takePlace(integrationId) {
      // Pauses stand in the database, so that workers heed them whatever is shared besides.
      const call = { most: perIntegration, forMs: leaseMs, heldMs: 0 }
      const { place } = await shared.gate(`pushes/${integrationId}`).enter(call)
      return place && pushPlace(place)
    },
    answered,
    async failed(pass, error) {
      const sign = signOf(error.code)
      if (sign === 'ANSWERED') {
        await answered(pass)
        return null
      }
      const { failures } = note(pass.integrationId, sign)
      const pause = pauseAfter(error, { failuresInARow: failures, isProbe: pass.pausedUntil !== null })
      if (pause === null) return null
      await pauses.begin(pass, pause)
      return pause.seconds
    },
    unheard: (pass) => pauses.giveBack(pass),
  }
}
