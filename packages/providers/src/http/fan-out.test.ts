import { describe, expect, it } from 'vitest'
import { createFanOut } from './fan-out.ts'

function setUp() {
  let time = 0
  const fanOut = createFanOut(() => time)
  const learn = (times: number, reads: number, durationMs: number) => {
    for (let i = 0; i < times; i += 1) fanOut.learn(reads, durationMs)
  }
  return { fanOut, learn, pass: (ms: number) => (time += ms) }
}

describe('several reads at once', () => {
  it('are a batch until enough was measured', () => {
    const { fanOut, learn } = setUp()
    learn(7, 1, 80)
    learn(50, 3, 500)
    expect(fanOut.isParallel(3)).toBe(false)
    learn(1, 1, 80)
    learn(7, 3, 500)
    expect(fanOut.isParallel(3)).toBe(false)
    learn(1, 3, 500)
    expect(fanOut.isParallel(3)).toBe(true)
  })

  it('stay a batch where further parts cost little', () => {
    const { fanOut, learn } = setUp()
    learn(10, 1, 80)
    learn(10, 3, 90)
    expect(fanOut.isParallel(3)).toBe(false)
  })

  it('go side by side where each further part takes its time, unless there are too many', () => {
    const { fanOut, learn } = setUp()
    learn(10, 1, 80)
    learn(10, 3, 110)
    expect(fanOut.isParallel(2)).toBe(false)
    expect(fanOut.isParallel(3)).toBe(true)
    expect(fanOut.isParallel(16)).toBe(false)
    expect(fanOut.isParallel(1)).toBe(false)
  })

  it('are not misled by a few slow batches of a busy machine', () => {
    const { fanOut, learn } = setUp()
    learn(10, 1, 5)
    learn(30, 3, 400)
    learn(1, 3, 8)
    expect(fanOut.isParallel(3)).toBe(false)
  })

  it('become a batch again after a while, to be measured anew', () => {
    const { fanOut, learn, pass } = setUp()
    learn(10, 1, 20)
    learn(10, 3, 120)
    expect(fanOut.isParallel(3)).toBe(true)
    pass(11 * 60_000)
    learn(10, 1, 20)
    expect(fanOut.isParallel(3)).toBe(false)
  })
})
