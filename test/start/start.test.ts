import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { prepare } from '../../scripts/steps/prepare.mjs'
import { root } from '../../scripts/steps/workspace.mjs'
import { RunningStart, runs } from '../support/running-start.ts'
import { ask } from './ask.ts'
import { contact, findTaggedContact, makeTaggedContact } from './tagged-contact.ts'

let folder: string
let starts: RunningStart[]

async function start(
  ...args: [ports?: Partial<RunningStart['ports']>, env?: NodeJS.ProcessEnv]
): Promise<RunningStart> {
  const started = await RunningStart.create(folder, ...args)
  starts.push(started)
  return started
}

/** The first query that the README shows. */
function firstQueryOfTheReadme(): string {
  return /^```graphql\n(.*?)^```/ms.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? ''
}

interface FirstAnswer {
  searchRecords: { hits: { record: { __typename: string; integration: { provider: string } } }[] }
}

async function allGone(pids: readonly number[]): Promise<boolean> {
  const deadline = Date.now() + 15_000
  while (pids.some(runs) && Date.now() < deadline) await sleep(50)
  return !pids.some(runs)
}

beforeAll(prepare, 300_000)

function openFolder(): void {
  folder = mkdtempSync(join(tmpdir(), 'backchannel-start-'))
  starts = []
}

async function closeFolder(): Promise<void> {
  for (const started of starts) await started.stop()
  rmSync(folder, { recursive: true, force: true })
}

describe('npm start', () => {
  beforeEach(openFolder)
  afterEach(closeFolder)

  it('says where everything is, that the CRMs are emulated, and how to sign in, at every LOG_LEVEL', async () => {
    const started = await start({}, { LOG_LEVEL: 'silent' })
    await started.running()
    const { gateway, dynamics, salesforce } = started.ports
    expect(started.output).toContain(`http://localhost:${gateway}/graphql`)
    expect(started.output).toContain(`http://localhost:${gateway}/admin`)
    expect(started.output).toContain('Both CRMs are emulated')
    expect(started.output).toContain(`http://127.0.0.1:${dynamics}`)
    expect(started.output).toContain(`http://127.0.0.1:${salesforce}`)
    const signIn = JSON.parse(readFileSync(join(folder, 'data/demo-sign-in.json'), 'utf8')) as Record<string, string>
    expect(started.output).toContain(`${signIn['email']}   ${signIn['password']}`)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends everything it has started on %s, with nothing half written',
    async (signal) => {
      const started = await start()
      await started.running()
      const children = started.children()
      expect(children.map(({ command }) => command)).toEqual([
        expect.stringContaining('packages/emulator/dist/main.js'),
        expect.stringContaining('packages/server/dist/main.js'),
      ])
      started.signal(signal)
      expect(await started.ended).toBe(0)
      expect(children.some(({ pid }) => runs(pid))).toBe(false)
      // A database that was closed in order has folded its write-ahead log into its file.
      expect(existsSync(join(folder, 'data/backchannel.db'))).toBe(true)
      expect(existsSync(join(folder, 'data/backchannel.db-wal'))).toBe(false)
    },
  )

  it('ends without a word, and with the exit code of an interruption, on Ctrl-C while it starts', async () => {
    const started = await start()
    while (started.children().length === 0) await sleep(20)
    const children = started.children().map(({ pid }) => pid)
    started.signal('SIGINT')
    expect(await started.ended).toBe(130)
    const words = started.output.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
    expect(words).toEqual([])
    expect(children.some(runs)).toBe(false)
  })

  it('leaves nothing running when it is killed itself', async () => {
    const started = await start()
    await started.running()
    const children = started.children().map(({ pid }) => pid)
    started.signal('SIGKILL')
    expect(await allGone(children)).toBe(true)
  })

  it('ends with the reason when the gateway dies', async () => {
    const started = await start()
    await started.running()
    const children = started.children()
    const gateway = children.find(({ command }) => command.includes('packages/server'))
    process.kill(gateway?.pid ?? 0, 'SIGKILL')
    expect(await started.ended).toBe(1)
    expect(started.output).toContain('The gateway has ended by itself (SIGKILL)')
    expect(children.some(({ pid }) => runs(pid))).toBe(false)
  })

  it('names the busy port and the variable that changes it', async () => {
    const other = createServer()
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port))
    })
    const started = await start({ salesforce: port })
    expect(await started.ended).toBe(1)
    expect(started.output).toContain(`Port ${port}, which the emulated Salesforce would listen on, is taken`)
    expect(started.output).toContain('EMULATOR_SALESFORCE_PORT=')
    other.close()
  })

  it('lists every fault of the configuration and ends what had started', async () => {
    const started = await start({}, { LOG_LEVEL: 'loud', ADMIN_EMAIL: 'nobody' })
    expect(await started.ended).toBe(1)
    expect(started.output).toContain('LOG_LEVEL must be')
    expect(started.output).toContain('ADMIN_EMAIL must be an e-mail address')
    expect(started.children()).toEqual([])
  })
})

describe('npm start, a second time', () => {
  let second: RunningStart
  let tagged: Awaited<ReturnType<typeof makeTaggedContact>>
  let answer: FirstAnswer
  let milliseconds: number

  beforeAll(async () => {
    openFolder()
    const first = await start()
    await first.running()
    tagged = await makeTaggedContact(first)
    first.signal('SIGINT')
    await first.ended

    const begin = performance.now()
    second = await start(first.ports, { ADMIN_EMAIL: 'late@example.com', ADMIN_PASSWORD: 'named too late' })
    await second.running()
    answer = await ask<FirstAnswer>(second, firstQueryOfTheReadme())
    milliseconds = performance.now() - begin
  }, 60_000)

  afterAll(closeFolder)

  it('answers the first query of the README within 5 s, with neither npx nor pnpm at hand', () => {
    const people = answer.searchRecords.hits.flatMap(({ record }) => (record.__typename === 'Account' ? [] : record))
    expect(new Set(people.map(({ integration }) => integration.provider))).toEqual(new Set(['DYNAMICS', 'SALESFORCE']))
    // A machine that does other things besides has less to give.
    const [load = 0] = loadavg()
    const others = Math.max(1, load / availableParallelism())
    expect(milliseconds).toBeLessThan(5_000 * others)
    expect(second.installed).toBe(false)
  })

  it('finds the CRMs as they were left: a record that was made is there, and its tag points at it', async () => {
    expect(await findTaggedContact(second, tagged.tagId)).toEqual({
      found: [tagged.recordId],
      tagged: { id: tagged.recordId, name: contact.name },
    })
  })

  it('does not offer the sign-in of an owner who was named too late to be made', () => {
    expect(second.output).not.toContain('Sign in as')
    expect(second.output).toContain('There is none of late@example.com')
  })
})
