/** For one instance alone: there is nobody to share with, and nothing can be in trouble. */
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { createOwnMoments } from './own-moments.ts'
import type { Gate, SharedState } from './shared-state.ts'

export function createInProcessState(): SharedState {
  return {
    wake() {},
    onWake: () => () => {},
    tell: async () => false,
    onTold: () => () => {},
    counter: (_, { points, seconds }) => new RateLimiterMemory({ points, duration: seconds }),
    moments: (_, options) => createOwnMoments(options),
    gate: () => openGate,
    trouble: () => null,
    async close() {},
  }
}

/** The bounds of the instance itself are all that holds. */
export const openGate: Gate = {
  enter: async () => ({ place: { stay() {}, leave() {} }, heldMs: 0 }),
}
