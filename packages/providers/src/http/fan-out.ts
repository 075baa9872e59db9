/**
 * Several reads at once: in one batch, or side by side? Both CRMs run the parts of a batch one after another, which costs
 * nothing where they are quick and adds up where they are slow (product.md decision 3). Measured, not guessed.
 */

export interface FanOut {
  /** What a request of so many reads took. */
  learn(reads: number, durationMs: number): void
  /** Whether so many reads are better sent one by one at the same time. */
  isParallel(reads: number): boolean
}

/** Fewer samples say nothing. */
const fewestSamples = 8
const mostSamples = 32
/** Old samples go, so that an org that has become quick is asked in batches again. */
const sampleLifeMs = 10 * 60_000
/** One request is worth this much waiting: it spares the org's limits and our connections. */
const worthMs = 15
const worthShare = 0.25
/** More at once would take the lane from everybody else. */
const mostParallel = 6

/** @param now milliseconds since 1970 */
export function createFanOut(now: () => number): FanOut {
  const singles = createSamples(now)
  /** Of each batch: what each further part added, against the quickest single read. */
  const parts = createSamples(now)

  return {
    learn(reads, durationMs) {
      if (reads === 1) return singles.add(durationMs)
      const single = singles.least()
      if (single !== null) parts.add(Math.max(0, durationMs - single) / (reads - 1))
    },
    isParallel(reads) {
      if (reads < 2 || reads > mostParallel) return false
      const single = singles.least()
      const part = parts.least()
      if (single === null || part === null) return false
      return part * (reads - 1) > Math.max(worthMs, single * worthShare)
    },
  }
}

/** The least of the last samples: what the org needs when nothing else is in the way. */
function createSamples(now: () => number): { add(value: number): void; least(): number | null } {
  let samples: { value: number; at: number }[] = []
  return {
    add(value) {
      samples.push({ value, at: now() })
      if (samples.length > mostSamples) samples.shift()
    },
    least() {
      const oldest = now() - sampleLifeMs
      samples = samples.filter(({ at }) => at > oldest)
      return samples.length < fewestSamples ? null : Math.min(...samples.map(({ value }) => value))
    },
  }
}
