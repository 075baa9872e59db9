import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { inTime } from './in-time.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A reading whose answers come when told. */
function told() {
  const answers: ((value: number) => void)[] = []
  const read = vi.fn<() => Promise<number>>(() => new Promise((resolve) => answers.push(resolve)))
  return { read, ask: inTime(read), answer: (index: number, value: number) => answers[index]?.(value) }
}

test('whoever asks while somebody else does has the same answer, and the next one asks anew', async () => {
  const { read, ask, answer } = told()
  const asked = [ask(), ask()]
  answer(0, 7)
  expect(await Promise.all(asked)).toEqual([7, 7])
  expect(read).toHaveBeenCalledOnce()
  const again = ask()
  answer(1, 8)
  expect(await again).toBe(8)
})

test('a reading that hangs is given up after 3 s, and no second one is begun beside it', async () => {
  const { read, ask, answer } = told()
  const refused = expect(ask()).rejects.toThrow('within 3 s')
  await vi.advanceTimersByTimeAsync(3_000)
  await refused
  await expect(ask()).rejects.toThrow('within 3 s')
  expect(read).toHaveBeenCalledOnce()

  answer(0, 7)
  await vi.advanceTimersByTimeAsync(0)
  const next = ask()
  answer(1, 8)
  expect(await next).toBe(8)
})

test('a reading whose connection is lost does not stand in the way of the next for ever', async () => {
  const { read, ask, answer } = told()
  const refused = expect(ask()).rejects.toThrow('within 3 s')
  await vi.advanceTimersByTimeAsync(30_000)
  await refused
  const next = ask()
  answer(1, 8)
  expect(await next).toBe(8)
  // The first one ends at last, while a third is under way, which all still share.
  const third = [ask()]
  answer(0, 7)
  await vi.advanceTimersByTimeAsync(0)
  third.push(ask())
  answer(2, 9)
  expect(await Promise.all(third)).toEqual([9, 9])
  expect(read).toHaveBeenCalledTimes(3)
})

test('what fails rejects at once, for all who asked', async () => {
  const ask = inTime(() => Promise.reject(new Error('gone')))
  expect(await Promise.allSettled([ask(), ask()])).toMatchObject([
    { reason: { message: 'gone' } },
    { reason: { message: 'gone' } },
  ])
  expect(vi.getTimerCount()).toBe(0)
})
