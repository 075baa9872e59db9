import { describe, expect, it } from 'vitest'
import { startDeadline } from '../http/index.ts'
import { createMetadataCache } from './metadata-cache.ts'

function setUp(answers: (string | Error)[]) {
  let time = 0
  let loads = 0
  const cache = createMetadataCache<string>({
    load: async () => {
      const answer = answers[Math.min(loads, answers.length - 1)] ?? ''
      loads += 1
      await new Promise((resolve) => setImmediate(resolve))
      if (answer instanceof Error) throw answer
      return answer
    },
    freshMs: () => 1_000,
    now: () => time,
  })
  const get = () => cache.get('contact', startDeadline())
  return { cache, get, loads: () => loads, pass: (ms: number) => (time += ms) }
}

describe('the metadata cache', () => {
  it('asks once for everybody who waits', async () => {
    const { get, loads } = setUp(['one'])
    expect(await Promise.all([get(), get(), get()])).toEqual(['one', 'one', 'one'])
    expect(loads()).toBe(1)
  })

  it('answers what is old at once and asks again behind it', async () => {
    const { get, loads, pass, cache } = setUp(['one', 'two'])
    await get()
    pass(1_001)
    expect(cache.peek('contact')).toBeUndefined()
    expect(await get()).toBe('one')
    await expect.poll(get).toBe('two')
    expect(loads()).toBe(2)
    expect(cache.peek('contact')).toBe('two')
  })

  it('keeps what is known while the CRM is down', async () => {
    const { get, pass } = setUp(['one', new Error('down')])
    await get()
    pass(1_001)
    expect(await get()).toBe('one')
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await get()).toBe('one')
  })

  it('does not keep a failure, nor what was found to be wrong', async () => {
    const { get, cache } = setUp([new Error('down'), 'one', 'two'])
    await expect(get()).rejects.toThrow('down')
    expect(await get()).toBe('one')
    cache.forget('contact')
    expect(await get()).toBe('two')
  })

  it('asks anew where it is told to, once for all who doubt', async () => {
    const { get, cache, loads } = setUp(['one', 'two', 'three'])
    const anew = () => cache.getAnew('contact', startDeadline())
    await get()
    expect(await Promise.all([anew(), anew(), get()])).toEqual(['two', 'two', 'two'])
    expect(loads()).toBe(2)
    expect(await anew()).toBe('three')
  })
})
