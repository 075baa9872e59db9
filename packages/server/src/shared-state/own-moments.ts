import type { Moments, MomentsOptions } from './shared-state.ts'

const NAMES_WATCHED = 20_000

/** What this instance remembers by itself: of so many, those of whom it heard last. */
export function createOwnMoments({ most }: Pick<MomentsOptions, 'most'>): Moments {
  const known = new Map<string, readonly number[]>()

  return {
    list: async (who) => known.get(who) ?? [],
    async add(who, at) {
      const moments = [...(known.get(who) ?? []), at].slice(-most)
      // Taken out and put back, so that the map's order is that of the latest.
      known.delete(who)
      known.set(who, moments)
      const [longestAgo] = known.keys()
      if (known.size > NAMES_WATCHED && longestAgo !== undefined) known.delete(longestAgo)
    },
    async forget(who) {
      known.delete(who)
    },
  }
}
