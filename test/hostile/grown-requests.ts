/** Requests grown from others by chance, always the same chance, so that what broke something once comes again. */
import fc from 'fast-check'
import { type HostileRequest, rawOf } from './request-text.ts'

/** What is put where something else was. */
const sly = [
  '\0',
  '\r\n',
  '\n',
  ' ',
  '\t',
  '%',
  '{',
  '}',
  '[',
  '"',
  '\\',
  '\xff',
  ':',
  '-1',
  '9'.repeat(30),
  '__proto__',
  '../',
  '<',
  "'",
  '$',
]

interface Change {
  /** From 0 to 1, over the request's length. */
  at: number
  /** How many bytes are taken out. */
  out: number
  put: string
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  out: fc.integer({ min: 0, max: 12 }),
  put: fc.oneof(fc.constantFrom(...sly), fc.string({ maxLength: 6, unit: 'binary-ascii' })),
})

/** @param seeds requests that may be large; only the small ones grow */
export function grownRequests(seeds: readonly HostileRequest[], count: number, seed: number): HostileRequest[] {
  const small = seeds.filter(({ bytes }) => bytes.length < 2_000)
  const drawn = fc.sample(
    fc.record({ from: fc.nat({ max: small.length - 1 }), changes: fc.array(change, { minLength: 1, maxLength: 4 }) }),
    { numRuns: count, seed },
  )
  return drawn.flatMap(({ from, changes }, index) => {
    const grown = small[from]
    if (!grown) return []
    const bytes = changes.reduce((before, { at, out, put }) => {
      const place = Math.floor(at * before.length)
      return Buffer.concat([before.subarray(0, place), Buffer.from(put, 'latin1'), before.subarray(place + out)])
    }, grown.bytes)
    return [rawOf(`number ${index} grown from: ${grown.name}`, bytes)]
  })
}
