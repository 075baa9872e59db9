import type { EmulatorRequest } from './http.ts'
import { createRandom } from './seed/random.ts'

/**
 * What can go wrong with a call. BEFORE and AFTER: the connection breaks, before the change or when it is made; HANG_…: no
 * answer ever comes; UNAVAILABLE: 503, nothing done; THROTTLED and TOKEN_EXPIRED: the vendor's own refusal; LATE: the
 * connection breaks at once, and the change is made a while later.
 */
const faultKinds = [
  'BEFORE',
  'AFTER',
  'HANG_BEFORE',
  'HANG_AFTER',
  'UNAVAILABLE',
  'THROTTLED',
  'TOKEN_EXPIRED',
  'LATE',
] as const
export type RandomFaultKind = (typeof faultKinds)[number]

/** Faults by chance, as the seed draws them. They strike calls for data. */
export interface RandomFaults {
  seed: number
  /** How many of all calls fail, from 0 to 1. */
  share: number
  /** By what, as weights: kinds that are not named never strike. */
  kinds: Partial<Record<Exclude<RandomFaultKind, 'LATE'>, number>>
  /** How many of the writes land late, from 0 to 1, besides. */
  lateShare: number
  /** By how much, drawn between these two, in milliseconds. */
  lateMs: readonly [least: number, most: number]
}

/** What was dealt since the faults were set. */
export interface FaultFigures {
  calls: number
  writes: number
  dealt: Record<RandomFaultKind, number>
  /** Changes that have yet to land. */
  pending: number
}

export interface DrawnFault {
  kind: RandomFaultKind
  /** LATE: until the change is made. */
  lateMs: number
}

/** The faults of one emulated CRM. */
export interface Chance {
  set(faults: RandomFaults | null): void
  /** What this call fails by, if it does. */
  draw(request: EmulatorRequest): DrawnFault | undefined
  /** Its token has expired by chance. */
  isExpired(request: EmulatorRequest): boolean
  readonly figures: FaultFigures
}

/** A token holds for so long at least, in milliseconds: longer than an operation that has just renewed it. */
const leastTokenLifeMs = 10_000

export function createChance(): Chance {
  let faults: RandomFaults | null = null
  let random = createRandom(0)
  let figures = noFigures()
  /** When each token came first, in milliseconds of a clock of our own. */
  const firstSeen = new Map<string, number>()
  const expired = new Set<string>()

  /** From now on for all who hold it; a connection breaks in the place of a token that is too young to expire. */
  function expire({ headers }: EmulatorRequest): RandomFaultKind {
    const { authorization = '' } = headers
    if (performance.now() - (firstSeen.get(authorization) ?? performance.now()) < leastTokenLifeMs) return 'BEFORE'
    expired.add(authorization)
    return 'TOKEN_EXPIRED'
  }

  function drawKind({ share, kinds, lateShare }: RandomFaults, isWrite: boolean): RandomFaultKind | undefined {
    if (isWrite && random.chance(lateShare)) return 'LATE'
    if (!random.chance(share)) return undefined
    const weighted = faultKinds.map((kind) => [kind, kind === 'LATE' ? 0 : (kinds[kind] ?? 0)] as const)
    let left = random.fraction() * weighted.reduce((sum, [, weight]) => sum + weight, 0)
    return weighted.find(([, weight]) => {
      left -= weight
      return left < 0
    })?.[0]
  }

  return {
    set(next) {
      faults = next
      random = createRandom(next?.seed ?? 0)
      figures = { ...noFigures(), pending: figures.pending }
    },
    draw(request) {
      if (faults === null || !/^\/(api|services)\/data\//.test(request.path)) return undefined
      const isWrite = request.method !== 'GET' && request.method !== 'HEAD'
      const { authorization = '' } = request.headers
      if (!firstSeen.has(authorization)) firstSeen.set(authorization, performance.now())
      const drawn = drawKind(faults, isWrite)
      const kind = drawn === 'TOKEN_EXPIRED' ? expire(request) : drawn
      figures.calls += 1
      if (isWrite) figures.writes += 1
      if (kind === undefined) return undefined
      figures.dealt[kind] += 1
      const [least, most] = faults.lateMs
      return { kind, lateMs: least + random.fraction() * (most - least) }
    },
    isExpired: ({ headers }) => expired.has(headers['authorization'] ?? ''),
    get figures() {
      return figures
    },
  }
}

function noFigures(): FaultFigures {
  const dealt = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<RandomFaultKind, number>
  return { calls: 0, writes: 0, dealt, pending: 0 }
}
