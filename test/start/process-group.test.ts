import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ProcessGroup } from '../../scripts/steps/processes.mjs'
import { startSettings } from '../../scripts/steps/settings.mjs'

/** A program that says its name when it runs and again when it has ended by a signal. */
const program = (name: string) => [
  '--eval',
  `setInterval(() => {}, 1000)
   process.on('SIGTERM', () => setTimeout(() => { console.log('${name} ended'); process.exit(0) }, 50))
   console.log('${name} runs')`,
]

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10)
}

describe('a group of processes', () => {
  it('ends the last started first, and each only after the one before has ended', async () => {
    const group = new ProcessGroup(20_000)
    const lines: string[] = []
    const options = { env: {}, onLine: (line: string) => void lines.push(line) }
    group.start('First', program('first'), options)
    await until(() => lines.length === 1)
    group.start('Second', program('second'), options)
    await until(() => lines.length === 2)
    await group.stop()
    expect(lines).toEqual(['first runs', 'second runs', 'second ended', 'first ended'])
  })

  it('ends a process by force only once its time to end by itself is over', async () => {
    const lines: string[] = []
    const options = { env: {}, onLine: (line: string) => void lines.push(line) }
    const stubborn = ['--eval', `setInterval(() => {}, 1000); process.on('SIGTERM', () => {}); console.log('runs')`]
    const group = new ProcessGroup(200)
    group.start('Stubborn', stubborn, options)
    await until(() => lines.length === 1)
    await group.stop()

    const slow = new ProcessGroup(startSettings({ DRAIN_SECONDS: '3' }).patienceMs)
    expect(startSettings({ DRAIN_SECONDS: '300' }).patienceMs).toBe(320_000)
    slow.start('Slow', program('slow'), options)
    await until(() => lines.length === 2)
    await slow.stop()
    expect(lines).toEqual(['runs', 'slow runs', 'slow ended'])
  })

  it('ends with the problem of a process that died by itself', async () => {
    const group = new ProcessGroup(20_000)
    group.start('The gateway', ['--eval', 'process.exit(3)'], { env: {}, onLine: () => {} })
    expect((await group.ended)?.message).toBe('The gateway has ended by itself (exit code 3).')
    await group.stop()
  })
})
