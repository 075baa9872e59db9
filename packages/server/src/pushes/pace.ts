/**
 * How many pushes of one CRM are under way at a time: few at first, more while it answers, half as many when it asks for
 * less (additive increase, multiplicative decrease; Microsoft advises the same for Dataverse, reliability.md 1). Pure.
 */
import type { Sign } from './schedule.ts'

export interface Pace {
  readonly places: number
  /** Since the number of places changed. */
  readonly successes: number
  /** Of the CRM itself, in a row. */
  readonly failures: number
}

const FIRST_PLACES = 2
export const firstPace: Pace = { places: FIRST_PLACES, successes: 0, failures: 0 }

/** @param most places that there may be */
export function paceAfter({ places, successes, failures }: Pace, sign: Sign, most: number): Pace {
  switch (sign) {
    case 'ANSWERED':
      return successes + 1 >= places && places < most
        ? { places: places + 1, successes: 0, failures: 0 }
        : { places, successes: successes + 1, failures: 0 }
    case 'THROTTLED':
      return { places: Math.max(1, Math.floor(places / 2)), successes: 0, failures: 0 }
    case 'DOWN':
      return { places: Math.min(places, FIRST_PLACES), successes: 0, failures: failures + 1 }
    case 'SPENT':
    case 'LOCKED':
      return { ...firstPace, failures }
    case 'UNCLEAR':
      return { places, successes, failures }
  }
}
