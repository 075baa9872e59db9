/** After one run through all that the gateway does: what it keeps, logs and answers is searched for what it must not show. */
import { dynamicsDemo } from '@backchannel/emulator'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Canaries, runThroughAll } from './full-run.ts'
import { bytesKept } from './kept-bytes.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'

let gateway: RunningGateway
let canaries: Canaries
let kept: Buffer
let logged: string
/** Every answer over HTTP, with its headers. */
const answers: string[] = []

beforeAll(async () => {
  gateway = await startGateway({ worker: true })
  const plainFetch = globalThis.fetch
  const listening = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const response = await plainFetch(input, init)
    if (response.url.startsWith(gateway.url)) {
      const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`)
      answers.push([...headers, await response.clone().text()].join('\n'))
    }
    return response
  })
  canaries = await runThroughAll(gateway)
  // The files that this process runs next fetch for themselves.
  listening.mockRestore()
  kept = await bytesKept(gateway)
  logged = gateway.lines.join('')
})
afterAll(() => gateway.stop())

/**
 * In whatever way a text may be written: as it is, as two-byte characters, in base64 of both alphabets at any offset, in
 * hexadecimal, in an address, in JSON.
 */
function spellingsOf(text: string): Buffer[] {
  const utf8 = Buffer.from(text)
  const base64 = [0, 1, 2].flatMap((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), utf8])
    return (['base64', 'base64url'] as const).map((alphabet) =>
      shifted.toString(alphabet).slice(offset === 0 ? 0 : 4, -4),
    )
  })
  const hex = utf8.toString('hex')
  const inAddress = [encodeURIComponent(text), new URLSearchParams({ _: text }).toString().slice(2)]
  const texts = new Set([text, ...base64, hex, hex.toUpperCase(), ...inAddress, JSON.stringify(text).slice(1, -1)])
  return [Buffer.from(text, 'utf16le'), ...[...texts].map((it) => Buffer.from(it))]
}

/** Those of the texts that stand there, in whatever spelling. */
function foundIn(place: Buffer | string, texts: readonly string[]): string[] {
  const bytes = Buffer.isBuffer(place) ? place : Buffer.from(place)
  return texts.filter((text) => spellingsOf(text).some((spelling) => bytes.includes(spelling)))
}

const kinds = () => [canaries.neverShown, canaries.shownOnce, canaries.personal]
const all = () => kinds().flatMap((kind) => Object.values(kind).flat())

it('there is something to look for, and it would be found', () => {
  for (const texts of kinds().flatMap((kind) => Object.values(kind))) {
    expect(texts.length).toBeGreaterThan(0)
    for (const text of texts) expect(text.length).toBeGreaterThan(7)
  }
  expect(canaries.neverShown['tokens of CRMs']?.length).toBeGreaterThanOrEqual(6)
  expect(canaries.neverShown['codes of sign-ins']?.length).toBe(2)
  // What is kept in clear, so that the search is known to see what there is.
  expect(foundIn(kept, ['Test SERVICE', 'Chat backend', dynamicsDemo.organizationId])).toEqual([
    'Chat backend',
    dynamicsDemo.organizationId,
  ])
  expect(logged).toContain('CRM call')
  expect(logged).toContain('A push failed')
  expect(answers.length).toBeGreaterThan(30)
  const secret = 'a secret with a blank / and more'
  for (const spelling of [Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]) {
    expect(foundIn(`before ${spelling} behind`, [secret])).toEqual([secret])
  }
})

it('nothing of it is in the database or in what SQLite writes beside it, in whatever spelling (T16)', () => {
  expect(foundIn(kept, all())).toEqual([])
})

it('nothing of it is in the log, not even at debug level (T30)', () => {
  expect(foundIn(logged, all())).toEqual([])
})

it('no answer shows what was given to us in confidence, or what a CRM gave us (T16)', () => {
  expect(foundIn(answers.join('\n'), Object.values(canaries.neverShown).flat())).toEqual([])
})

it('what we hand out is in the one answer to whoever asked for it, and in no other (T16)', () => {
  for (const text of Object.values(canaries.shownOnce).flat()) {
    expect(answers.filter((answer) => foundIn(answer, [text]).length > 0)).toHaveLength(1)
  }
})

it("what is a person's is answered to whoever may ask, so that it was really there", () => {
  const { 'the values of a created record': _written, ...read } = canaries.personal
  const people = Object.values(read).flat()
  expect(people.filter((text) => foundIn(answers.join('\n'), [text]).length === 0)).toEqual([])
})
