import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { prepare } from '../../scripts/steps/prepare.mjs'
import { adminKey, RunningStart, runs } from '../support/running-start.ts'

let folder: string
let starts: RunningStart[]

async function start(
  ...args: [ports?: Partial<RunningStart['ports']>, env?: NodeJS.ProcessEnv]
): Promise<RunningStart> {
  const started = await RunningStart.create(folder, ...args)
  starts.push(started)
  return started
}

async function ask(started: RunningStart, query: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${started.ports.gateway}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({ query }),
  })
  return response.json()
}

async function allGone(pids: readonly number[]): Promise<boolean> {
  const deadline = Date.now() + 15_000
  while (pids.some(runs) && Date.now() < deadline) await sleep(50)
  return !pids.some(runs)
}

beforeAll(prepare, 300_000)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backchannel-start-'))
  starts = []
})

afterEach(async () => {
  for (const started of starts) await started.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('npm start', () => {
  it('says where everything is, that the CRMs are emulated, and how to sign in', async () => {
    const started = await start()
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

  it('answers within 5 s of a second start, with neither npx nor pnpm at hand', async () => {
    const first = await start()
    await first.running()
    first.signal('SIGINT')
    expect(await first.ended).toBe(0)

    const begin = performance.now()
    const second = await start()
    await second.running()
    expect(await ask(second, '{ viewer { workspace { name } } }')).toMatchObject({
      data: { viewer: { workspace: {} } },
    })
    expect(performance.now() - begin).toBeLessThan(5_000)
    expect(second.installed).toBe(false)
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
