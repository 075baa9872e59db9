import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstOwner } from '../../scripts/steps/first-owner.mjs'
import { compilerProblem, installProblem } from '../../scripts/steps/install.mjs'
import { nodeVersionProblem } from '../../scripts/steps/node-version.mjs'
import { checkPorts } from '../../scripts/steps/ports.mjs'
import { takeSecondLook, worthASecondLook } from '../../scripts/steps/second-attempt.mjs'
import type { Ready } from '../../scripts/steps/serve.mjs'
import { portsOf, startSettings } from '../../scripts/steps/settings.mjs'
import { contentHash } from '../../scripts/steps/stamp.mjs'
import { closingLine } from '../../scripts/steps/test-report.mjs'
import { welcome } from '../../scripts/steps/welcome.mjs'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backchannel-steps-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the Node version', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.11.1', '100.0.0'])('%s is new enough', (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined()
  })

  it.each(['20.18.3', '18.20.0', '16.4.0', '8.0.0'])('%s is refused with what to do', (version) => {
    expect(nodeVersionProblem(version)).toMatch(
      new RegExp(`needs Node 20\\.19 or newer; this is Node ${version}[\\s\\S]*https://nodejs\\.org`),
    )
  })
})

describe('a failed installation', () => {
  it('says which compiler to install on each platform', () => {
    expect(compilerProblem('linux')).toContain('apt-get install -y python3 make g++')
    expect(compilerProblem('darwin')).toContain('xcode-select --install')
    expect(compilerProblem('win32')).toContain('Desktop development with C++')
  })

  it.each([
    ['gyp ERR! find Python', 'Python 3, make and a C++ compiler'],
    ['request to https://registry.example/x failed, reason: getaddrinfo ENOTFOUND', 'npm registry was not reached'],
    [
      'ERR_PNPM_OUTDATED_LOCKFILE: 1 dependency was removed: @prisma/adapter-better-sqlite3@7.10.0',
      'commit the lock file',
    ],
    ['something else', 'the lines above say why'],
  ])('is explained: %s', (output, sentence) => {
    expect(installProblem(output)).toContain(sentence)
  })
})

describe('a content stamp', () => {
  it('changes with a name, a content or a fact, and not with tests or generated files', () => {
    const input = join(folder, 'input')
    const hash = (facts: string[] = []) => contentHash(['input'], facts, folder)
    const write = (name: string, text: string) => writeFileSync(`${input}-${name}`, text)
    const all = () => contentHash(['input-a.ts', 'input-b.ts', 'input-a.test.ts'], [], folder)
    write('a.ts', '1')
    const first = all()
    expect(all()).toBe(first)
    write('a.test.ts', 'x')
    write('a.ts', '2')
    const second = all()
    expect(second).not.toBe(first)
    write('b.ts', '')
    expect(all()).not.toBe(second)
    expect(hash(['node 20'])).not.toBe(hash(['node 22']))
  })
})

describe('ports', () => {
  it('that are busy are named with the variable that changes them', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })
    const wanted = portsOf(startSettings({ PORT: String(port) }))
    await expect(checkPorts(wanted)).rejects.toThrow(
      new RegExp(`Port ${port}, which the gateway would listen on, is taken[\\s\\S]*PORT=${port + 10} npm start`),
    )
    await new Promise((resolve) => server.close(resolve))
    await expect(checkPorts(wanted.slice(0, 1))).resolves.toBeUndefined()
  })

  it.each(['zero', '0', '70000', '1.5'])('%s is no port', async (text) => {
    await expect(checkPorts(portsOf(startSettings({ PORT: text })))).rejects.toThrow('PORT must be a port number')
  })
})

describe('the settings of a start', () => {
  it('emulate both CRMs unless it is production or switched off', () => {
    expect(startSettings({}).emulator).toBe(true)
    expect(startSettings({ EMULATOR: 'off' }).emulator).toBe(false)
    expect(startSettings({ NODE_ENV: 'production' }).emulator).toBe(false)
    expect(startSettings({ NODE_ENV: 'production', EMULATOR: 'on' }).emulator).toBe(true)
  })

  it.each([
    ['', 'http://127.0.0.1:4000'],
    ['0.0.0.0', 'http://127.0.0.1:4000'],
    ['::', 'http://127.0.0.1:4000'],
    ['::1', 'http://[::1]:4000'],
    ['10.0.0.7', 'http://10.0.0.7:4000'],
  ])('reach a gateway that listens on "%s" at %s', (host, address) => {
    expect(startSettings({ HOST: host }).address).toBe(address)
  })

  it('need only the port of the gateway where no CRM is emulated', () => {
    expect(portsOf(startSettings({ EMULATOR: 'off' })).map(({ variable }) => variable)).toEqual(['PORT'])
  })
})

describe('the demo sign-in', () => {
  const demoOf = (name: string) => firstOwner({ data: join(folder, name), emulator: true }, {})

  it('is made once, kept for its owner only, and random', () => {
    const first = demoOf('one')
    expect(demoOf('one')).toEqual({ ...first, isNew: false })
    expect(demoOf('two')?.password).not.toBe(first?.password)
    expect(first?.password?.length).toBeGreaterThanOrEqual(12)
    const file = join(folder, 'one', 'demo-sign-in.json')
    expect(readFileSync(file, 'utf8')).toContain(first?.password)
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('is made for nobody where no CRM is emulated', () => {
    const data = join(folder, 'own')
    expect(firstOwner({ data, emulator: false }, {})).toBeUndefined()
    expect(existsSync(data)).toBe(false)
  })
})

describe('the welcome', () => {
  const demo = { email: 'owner@demo.example', password: 'drawn at random', isNew: true, env: {} }
  const env = { ADMIN_EMAIL: 'me@example.com', ADMIN_PASSWORD: 'my own secret' }
  const named = firstOwner({ data: 'unused', emulator: true }, env)
  const text = (ready: Partial<Ready>, settings = startSettings({})) =>
    welcome(settings, { emulated: true, owner: demo, ownerExists: true, firstRun: null, ...ready })

  it('shows the demo sign-in while the CRMs are emulated', () => {
    expect(text({})).toContain('owner@demo.example   drawn at random')
    expect(text({ owner: { ...demo, isNew: false } })).toContain('drawn at random   (unless it was changed)')
    expect(text({})).not.toContain('unless it was changed')
    expect(text({})).toContain('Both CRMs are emulated')
  })

  it('says nothing of emulated CRMs, nor of the demo sign-in, once the gateway uses a real org', () => {
    expect(text({ emulated: false })).not.toMatch(/emulated|4401|owner@demo/)
  })

  it('names the owner of the environment and never shows the password', () => {
    expect(text({ owner: named })).toContain('me@example.com')
    expect(text({ owner: named })).not.toContain('my own secret')
    expect(text({ owner: named, emulated: false })).toContain('me@example.com')
  })

  it('says that an account named too late does not exist', () => {
    expect(text({ owner: named, ownerExists: false })).toContain('There is none of me@example.com')
    expect(text({ ownerExists: false })).not.toContain('drawn at random')
    expect(text({ ownerExists: false })).toContain('when this data folder was first used')
  })

  it('leads to where the first owner is made, while there is none', () => {
    const firstRun = 'http://localhost:4000/admin/first-run#a-code'
    expect(text({ emulated: false, owner: undefined, firstRun })).toContain(firstRun)
  })

  it('leaves GraphiQL out in production, where it is not served', () => {
    expect(text({ emulated: false }, startSettings({ NODE_ENV: 'production' }))).not.toContain('/graphql')
  })
})

describe('the closing line of a test run', () => {
  const report = (results: { status: string; assertionResults: { status: string }[] }[]) => {
    const file = join(folder, 'report.json')
    writeFileSync(file, JSON.stringify({ testResults: results }))
    return closingLine(file)
  }
  const passed = { status: 'passed' }
  const failed = { status: 'failed' }

  it('counts what passed, failed and was skipped', () => {
    expect(report([{ status: 'passed', assertionResults: [passed, passed] }])).toBe('2 passed, 0 failed')
    expect(report([{ status: 'failed', assertionResults: [passed, failed] }])).toBe('1 passed, 1 failed')
    expect(report([{ status: 'passed', assertionResults: [passed, { status: 'skipped' }] }])).toBe(
      '1 passed, 0 failed, 1 skipped',
    )
  })

  it('counts a file that could not be loaded, and a run without a report, as a failure', () => {
    expect(report([{ status: 'failed', assertionResults: [] }])).toBe('0 passed, 1 failed')
    expect(closingLine(join(folder, 'none.json'))).toBe('0 passed, 1 failed')
  })
})

describe('a second look at what failed', () => {
  const passed = { title: 'holds', fullName: 'it holds', status: 'passed', failureMessages: [] }
  const failed = { ...passed, status: 'failed', failureMessages: ['Error: not yet\n  at a line'] }
  const file = (name: string, ...tests: { status: string }[]) => ({
    name,
    status: tests.every(({ status }) => status === 'passed') ? 'passed' : 'failed',
    assertionResults: tests,
  })
  const report = (name: string, ...testResults: object[]) => {
    const path = join(folder, name)
    writeFileSync(path, JSON.stringify({ testResults }))
    return path
  }

  it('is taken at a few files, and at none where nothing or much failed', () => {
    const few = report('few.json', file('/a', passed), file('/b', failed), file('/b', passed), file('/c', failed))
    expect(worthASecondLook(few)).toEqual(['/b', '/c'])
    expect(worthASecondLook(report('none.json', file('/a', passed)))).toEqual([])
    const many = ['/a', '/b', '/c', '/d'].map((name) => file(name, failed))
    expect(worthASecondLook(report('many.json', ...many))).toEqual([])
  })

  it('names what passed then, and counts every test once', () => {
    const first = report('first.json', file('/a', passed), file('/b', passed, failed))
    const lines = takeSecondLook(first, report('second.json', file('/b', passed, passed)))
    expect(lines).toEqual(['Failed once, passed when run again: /b > it holds: Error: not yet'])
    expect(closingLine(first)).toBe('3 passed, 0 failed')
  })

  it('leaves failed what fails again', () => {
    const first = report('again.json', file('/a', passed), file('/b', failed))
    expect(takeSecondLook(first, report('same.json', file('/b', failed)))).toEqual([])
    expect(closingLine(first)).toBe('1 passed, 1 failed')
  })
})
