import type { CallPart } from './http.ts'
import { type Chance, createChance } from './random-faults.ts'

/** One call that a CRM got, recorded from the moment it arrived. */
export interface RecordedCall {
  method: string
  path: string
  query: string
  /** 0 while it is running, and for good when it was never answered. */
  status: number
  /** Milliseconds since 1970, real time. */
  startedAt: number
  durationMs: number
  /** 1, or how many parts a batch or composite call had. */
  operations: number
  parts?: readonly CallPart[]
}

/** Every answer waits so long, measured from its arrival. */
export interface Latency {
  ms: number
  /** For each operation of the call besides. */
  perPartMs?: number
}

/** What CRMs are asked by. */
export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export interface FaultMatch {
  method?: (typeof methods)[number]
  /** A regular expression on path and query as they were sent. */
  path?: string
  /** A regular expression on the body, for what is inside a batch. */
  body?: string
  /** Starts with the nth call that matches; 1, the next one, unless given. */
  nth?: number
  /** Strikes so many calls; 1 unless given. */
  times?: number
}

/** What a fault does. Exactly one of `status`, `drop`, `hang` and `html` should be given. */
export interface FaultEffect {
  /** Answers this, with `body` and `headers`, and changes nothing. */
  status?: number
  /** Text as it is; anything else as JSON. */
  body?: unknown
  headers?: Record<string, string>
  /** Destroys the socket: before the CRM saw the call, or after it made the change. */
  drop?: 'BEFORE' | 'AFTER'
  /** Never answers: `true` or `BEFORE` leaves the call undone, `AFTER` does it first. */
  hang?: boolean | 'BEFORE' | 'AFTER'
  /** An HTML page such as a proxy shows, with `status` (502 unless given). */
  html?: boolean
}

export interface Fault {
  match: FaultMatch
  effect: FaultEffect
}

/** The next `times` data calls are throttled as the vendor does it. */
export interface Throttle {
  /** Seconds. */
  retryAfter: number
  times: number
}

/** Behaviours of an org that can be turned on; off unless set. Each CRM knows those that exist there. */
export interface Switches {
  /** The org's API is not to be had. */
  apiOff?: boolean
  /** Dynamics: tokens are issued, but no application user exists (403 0x80072560). */
  noApplicationUser?: boolean
  /** Every token is refused with 401, new ones too. */
  refuseForever?: boolean
  /** The app is not approved: a connected app (Salesforce), an app registration or a client of AD FS (Dynamics). */
  appNotApproved?: boolean
  /** Salesforce: neither profile nor permission set lets the user use the app. */
  userNotPermitted?: boolean
  /** Dynamics: nobody has consented to the app registration. */
  consentMissing?: boolean
  /** Dynamics: the org is on a server of one's own, with AD FS. */
  onPremises?: boolean
  /** No refresh token is granted, whatever is asked for. */
  noRefreshToken?: boolean
  /** Salesforce: the org's daily calls are used up. */
  quotaExhausted?: boolean
  /** Salesforce: no object has an external-ID field for our keys. */
  noKeyFields?: boolean
  /** Salesforce: the org has no person accounts. */
  personAccountsOff?: boolean
  /** Salesforce: a refresh token is good once, and its answer brings the next one. */
  rotateRefreshTokens?: boolean
  /** Salesforce: duplicate rules block a row instead of warning of it, so that nobody can insist. */
  duplicatesBlocked?: boolean
}

/** A change of the org's metadata: a whole entity, or one field of it. */
export interface MetadataChange {
  entity: string
  field?: string
  /** The org does not have it. */
  hide?: boolean
  /** Members to set in its definition, as the CRM's own definition files write them; what does not exist is added. */
  set?: Record<string, unknown>
}

/** What tests and demos can ask of one emulated CRM; the CRM reads it, the control API writes it. */
export interface Control {
  readonly calls: RecordedCall[]
  readonly faults: ArmedFault[]
  readonly chance: Chance
  latency: Latency
  readonly switches: Readonly<Switches>
  /** Goes up whenever all tokens were made to expire; a token issued under a lower one is expired. */
  readonly tokenGeneration: number
  /** In the order in which they were made. Another array after every change. */
  readonly metadata: readonly MetadataChange[]
  /** Seconds to wait, when this data call is to be throttled. Each question uses one up. */
  takeThrottle(): number | undefined
  setThrottle(throttle: Throttle): void
  setSwitches(switches: Switches): void
  expireTokens(): void
  changeMetadata(change: MetadataChange): void
  reset(): void
}

export interface ArmedFault extends Fault {
  path?: RegExp
  body?: RegExp
  seen: number
}

export function createControl(): Control {
  let throttle: Throttle = { retryAfter: 0, times: 0 }
  let switches: Switches = {}
  let tokenGeneration = 0
  let metadata: readonly MetadataChange[] = []
  const calls: RecordedCall[] = []
  const faults: ArmedFault[] = []
  const chance = createChance()

  return {
    calls,
    faults,
    chance,
    latency: { ms: 0 },
    get switches() {
      return switches
    },
    get tokenGeneration() {
      return tokenGeneration
    },
    get metadata() {
      return metadata
    },
    takeThrottle() {
      if (throttle.times <= 0) return undefined
      throttle = { ...throttle, times: throttle.times - 1 }
      return throttle.retryAfter
    },
    setThrottle(next) {
      throttle = next
    },
    setSwitches(changes) {
      switches = { ...switches, ...changes }
    },
    expireTokens() {
      tokenGeneration += 1
    },
    changeMetadata(change) {
      metadata = [...metadata, change]
    },
    reset() {
      calls.length = 0
      faults.length = 0
      chance.set(null)
      this.latency = { ms: 0 }
      throttle = { retryAfter: 0, times: 0 }
      switches = {}
      metadata = []
    },
  }
}
