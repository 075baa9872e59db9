import { expect, test } from 'vitest'
import { createSingleFlight } from './single-flight.ts'

function controlled<T>() {
  const calls: { signal: AbortSignal; resolve: (value: T) => void; reject: (error: unknown) => void }[] = []
  const work = (signal: AbortSignal) =>
    new Promise<T>((resolve, reject) => {
      calls.push({ signal, resolve, reject })
    })
  return { calls, work }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('callers of one key share one call, others have their own', async () => {
  const flight = createSingleFlight<string>()
  const { calls, work } = controlled<string>()
  const running = [
    flight.run('a', undefined, work),
    flight.run('a', new AbortController().signal, work),
    flight.run('b', undefined, work),
  ]
  await settled()
  expect(calls).toHaveLength(2)
  calls[0]?.resolve('A')
  calls[1]?.resolve('B')
  expect(await Promise.all(running)).toEqual(['A', 'A', 'B'])
})

test('after it ended, well or badly, the next caller starts anew', async () => {
  const flight = createSingleFlight<number>()
  await expect(flight.run('a', undefined, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await flight.run('a', undefined, () => Promise.resolve(1))).toBe(1)
  expect(await flight.run('a', undefined, () => Promise.resolve(2))).toBe(2)
})

test('a failure reaches every caller', async () => {
  const flight = createSingleFlight<number>()
  const work = () => Promise.reject(new Error('no'))
  const outcomes = await Promise.allSettled([
    flight.run('a', undefined, work),
    flight.run('a', new AbortController().signal, work),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('one caller leaving does not disturb the other', async () => {
  const flight = createSingleFlight<string>()
  const { calls, work } = controlled<string>()
  const leaving = new AbortController()
  const left = flight.run('a', leaving.signal, work)
  const stays = flight.run('a', new AbortController().signal, work)
  await settled()
  leaving.abort()
  await expect(left).rejects.toMatchObject({ name: 'ProviderError', code: 'CRM_TIMEOUT' })
  expect(calls[0]?.signal.aborted).toBe(false)
  calls[0]?.resolve('answer')
  expect(await stays).toBe('answer')
})

test('the shared call is aborted when the last caller has left, and the next one starts anew', async () => {
  const flight = createSingleFlight<string>()
  const { calls, work } = controlled<string>()
  const leaving = [new AbortController(), new AbortController()]
  const left = Promise.allSettled(leaving.map(({ signal }) => flight.run('a', signal, work)))
  await settled()
  for (const controller of leaving) controller.abort()
  const next = flight.run('a', undefined, work)
  await settled()
  expect((await left).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(calls.map(({ signal }) => signal.aborted)).toEqual([true, false])
  calls[0]?.reject(new Error('aborted'))
  calls[1]?.resolve('fresh')
  expect(await next).toBe('fresh')
})

test('a caller that has left already starts nothing', async () => {
  const { calls, work } = controlled<string>()
  await expect(createSingleFlight<string>().run('a', AbortSignal.abort(), work)).rejects.toMatchObject({
    name: 'ProviderError',
    code: 'CRM_TIMEOUT',
  })
  await settled()
  expect(calls).toHaveLength(0)
})
