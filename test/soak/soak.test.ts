/** The short form of `npm run soak`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bundles, bundle } from './bundle.ts'
import { hitKillPoints, scenes } from './kill-points.ts'
import { type SoakFigures, soak } from './soak.ts'
import { faultsOfControl, faultsOfSoak } from './soak-report.ts'

let bundles: Bundles
beforeAll(async () => {
  bundles = await bundle()
})
afterAll(() => bundles.remove())

const limitMs = 400_000

// Both wait more than they work.
test.concurrent('hundreds of pushes under faults and kills arrive once, whole and in order', {
  timeout: 450_000,
}, async () => {
  const sizes = { seed: 4, threads: 30, kills: 6 }
  const figures = await soak({ ...sizes, worker: bundles.of('worker'), limitMs })
  expect(faultsOfSoak(figures, { pushes: 500, kills: 6 })).toEqual([])
})

test.concurrent('plain creates under the same faults make duplicates', { timeout: 450_000 }, async () => {
  const figures: SoakFigures = await soak({
    ...{ seed: 4, threads: 15, kills: 2 },
    worker: bundles.of('plainCreates'),
    limitMs,
  })
  expect(faultsOfControl(figures, { share: 0, inAll: 8 })).toEqual([])
})

describe('killed at an exact moment, and finished by another process', () => {
  test.each(scenes.map((scene) => [scene.name, scene] as const))(
    '%s: one activity',
    { timeout: 300_000 },
    async (_, scene) => {
      const [figures] = await hitKillPoints(bundles, scene.orgs.length, { wanted: [scene] })
      expect(figures).toEqual({ name: scene.name, hit: scene.orgs.length, one: scene.orgs.length, examples: [] })
    },
  )
})
