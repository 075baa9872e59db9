/**
 * What the instances of one installation share beside the database: news that there is something to read, what is counted,
 * and what one of them heard of a CRM. All of it may be lost at any moment: then each instance goes on by itself.
 */
import type { GateCall, GateEntry, GatePlace } from '@backchannel/providers'
import type { RateLimiterRes } from 'rate-limiter-flexible'

export interface SharedState extends Wakes, Talk {
  /** Counts what somebody does in so many seconds, over all instances. */
  counter(name: string, options: CounterOptions): Counter
  /** Remembers when somebody last did something, over all instances. */
  moments(name: string, options: MomentsOptions): Moments
  /** Bounds what is under way in all instances together. Places of one name are of one gate. */
  gate(name: string): Gate
  /** What an admin should know of; null: nothing. */
  trouble(): SharedTrouble | null
  close(): Promise<void>
}

export interface Wakes {
  /** Rows were written that other instances look for: they do so now rather than at their next poll. */
  wake(): void
  /** Told when another instance has said so, or may have while it could not be heard. Returns how to stop. */
  onWake(listener: () => void): () => void
}

export interface Talk {
  /**
   * Says something to all other instances. Whoever reads along in Redis reads it too: what is nobody else's business is sealed.
   *
   * @returns false where nobody was told; true where others were, or where that is not known
   */
  tell(subject: string, text: string): Promise<boolean>
  /** Told what others say on a subject; at most once, and never what was said while it could not be heard. */
  onTold(subject: string, listener: (text: string) => void): () => void
}

export interface CounterOptions {
  /** How often it may be done. */
  points: number
  seconds: number
}

export interface Counter {
  /**
   * @param points 1 unless given
   * @throws RateLimiterRes where it was done too often
   */
  consume(who: string, points?: number): Promise<RateLimiterRes>
}

export interface MomentsOptions {
  /** How many of the latest are remembered of each. */
  most: number
  /** For how long at least, in milliseconds; whoever reads them says which are too old. */
  forMs: number
}

/** None of them ever rejects. */
export interface Moments {
  /** Milliseconds since 1970, the oldest first. */
  list(who: string): Promise<readonly number[]>
  add(who: string, at: number): Promise<void>
  forget(who: string): Promise<void>
}

export interface Gate {
  /** Never rejects. */
  enter(call: GateCall): Promise<GateEntry & { place: Place | null }>
}

export interface Place extends GatePlace {
  /** Keeps the place for so many milliseconds from now on. */
  stay(forMs: number): void
}

export interface SharedTrouble {
  /** Milliseconds since 1970. */
  readonly since: number
  /** What is the matter, what it means, and what to do. */
  readonly message: string
}
