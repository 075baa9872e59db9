import { expect, test } from 'vitest'
import { createLogger } from '../shared/logger.ts'
import { startUpkeep } from './worker.ts'

const silent = createLogger('silent')

test('every job runs soon after the start and again and again, whatever becomes of the others', async () => {
  const ran: string[] = []
  const jobs = [
    {
      name: 'broken',
      run: async () => {
        ran.push('broken')
        throw new Error('the disk is full')
      },
    },
    { name: 'sound', run: async () => void ran.push('sound') },
  ]
  const lines: string[] = []
  const logger = createLogger('warn', { write: (line) => lines.push(line) })
  const upkeep = startUpkeep({ jobs, logger, firstMs: 1, everyMs: 5 })
  await expect.poll(() => ran.length, { interval: 2 }).toBeGreaterThanOrEqual(4)
  await upkeep.stop()
  expect(ran.slice(0, 4)).toEqual(['broken', 'sound', 'broken', 'sound'])
  expect(lines.join('')).toMatch(/"job":"broken".*Upkeep failed/)
})

test('nothing runs at once: a process that is being started has other work', async () => {
  let runs = 0
  const upkeep = startUpkeep({ jobs: [{ name: 'job', run: async () => void runs++ }], logger: silent, firstMs: 5_000 })
  await new Promise((resolve) => setTimeout(resolve, 20))
  await upkeep.stop()
  expect(runs).toBe(0)
})

test('stopping waits for the step under way and begins nothing more', async () => {
  const ran: string[] = []
  let finish = () => {}
  const jobs = [
    {
      name: 'long',
      run: async (signal: AbortSignal) => {
        ran.push('long began')
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        ran.push(signal.aborted ? 'long was told' : 'long was not told')
      },
    },
    { name: 'next', run: async () => void ran.push('next') },
  ]
  const upkeep = startUpkeep({ jobs, logger: silent, firstMs: 0 })
  await expect.poll(() => ran, { interval: 2 }).toEqual(['long began'])
  const stopped = upkeep.stop().then(() => ran.push('stopped'))
  finish()
  await stopped
  expect(ran).toEqual(['long began', 'long was told', 'stopped'])
})
