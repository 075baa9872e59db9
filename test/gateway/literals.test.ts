import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type RunningGateway, startGateway } from './running-gateway.ts'

let gateway: RunningGateway

beforeAll(async () => {
  gateway = await startGateway()
})
afterAll(() => gateway.stop())

const since = (moment: string) => gateway.execute(`{ pushes(filter: { since: ${moment} }) { edges { cursor } } }`)

test('a moment written into the query is read without a word on the console', async () => {
  const said = vi.spyOn(console, 'error')
  // Often enough for it to be compiled.
  for (let time = 0; time < 20; time += 1) {
    expect(await since('"2026-01-31T14:05:00Z"')).toEqual({ pushes: { edges: [] } })
  }
  expect(said).not.toHaveBeenCalled()
})

test('what is no moment is refused with how one is written', async () => {
  for (const text of ['"yesterday"', '20260131']) {
    await expect(since(text)).rejects.toThrow('A DateTime is a string such as')
  }
})
