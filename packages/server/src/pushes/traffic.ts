/** What this process has learnt of each CRM by its pushes: how many may be under way, and whether it is left alone. */
import type { ProviderError } from '@backchannel/providers'
import { firstPace, type Pace, paceAfter } from './pace.ts'
import type { Pass, PauseStore } from './pause-store.ts'
import { pauseAfter, type Sign, signOf } from './schedule.ts'

export interface Traffic {
  /** How many pushes of an integration may be under way at a time. */
  places(integrationId: string): number
  answered(pass: Pass): Promise<void>
  /** Answers for how many seconds the CRM is left alone from now on; null: it is not. */
  failed(pass: Pass, error: ProviderError): Promise<number | null>
  /** The push was given up before the CRM was asked. */
  unheard(pass: Pass): Promise<void>
}

export interface TrafficParts {
  pauses: PauseStore
  /** Most places of one integration in this process. Of Salesforce's guides: 5 for each org (reliability.md 3.3). */
  perIntegration: number
}

export function createTraffic({ pauses, perIntegration }: TrafficParts): Traffic {
  const paces = new Map<string, Pace>()

  function note(integrationId: string, sign: Sign): Pace {
    const pace = paceAfter(paces.get(integrationId) ?? firstPace, sign, perIntegration)
    paces.set(integrationId, pace)
    return pace
  }

  async function answered(pass: Pass): Promise<void> {
    note(pass.integrationId, 'ANSWERED')
    await pauses.end(pass)
  }

  return {
    places: (integrationId) => Math.min(perIntegration, (paces.get(integrationId) ?? firstPace).places),
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
