import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createControl } from './control-client.ts'
import { dynamicsDemo } from './dynamics365/demo.ts'

const directory = mkdtempSync(join(tmpdir(), 'emulator-main-'))
const program = join(directory, 'main.mjs')
const running = new Set<ChildProcess>()

beforeAll(async () => {
  const entry = new URL('./main.ts', import.meta.url).pathname
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
})
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(directory, { recursive: true })
})

function start(...args: string[]) {
  const child = spawn(process.execPath, [program, '--dynamics-port', '0', '--salesforce-port', '0', ...args])
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

async function ready(child: ChildProcess): Promise<{ dynamics: string; salesforce: string }> {
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  return JSON.parse(line.toString()) as { dynamics: string; salesforce: string }
}

async function makeContact(url: string, lastname: string): Promise<void> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: dynamicsDemo.clientId,
    client_secret: dynamicsDemo.clientSecret,
    scope: `${url}/.default`,
  })
  const signedIn = await fetch(`${url}/${dynamicsDemo.tenantId}/oauth2/v2.0/token`, { method: 'POST', body: form })
  const { access_token } = (await signedIn.json()) as { access_token: string }
  const made = await fetch(`${url}/api/data/v9.2/contacts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ lastname }),
  })
  expect(made.status).toBe(204)
}

test('a killed emulator finds at its next start what it had answered for', async () => {
  const data = join(directory, 'data')
  const first = start('--directory', data)
  await makeContact((await ready(first)).dynamics, 'Yesterday')
  first.kill('SIGKILL')
  await once(first, 'exit')

  const second = start('--directory', data)
  const { dynamics } = await ready(second)
  expect(await createControl(dynamics).records('contact', { lastname: 'Yesterday' })).toHaveLength(1)
  second.kill('SIGTERM')
  const [code] = await once(second, 'exit')
  expect(code).toBe(0)
})

test('with --with-parent it ends when its standard input does', async () => {
  const child = start('--with-parent')
  await ready(child)
  child.stdin.end()
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
})

test('on a busy port it says which and what to do, and fails', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const child = start('--salesforce-port', String(port))
  const said = once(child.stderr, 'data')
  const [code] = await once(child, 'exit')
  expect(code).toBe(1)
  expect(String(await said)).toContain(`Port ${port} is in use`)
  other.close()
})

test('a second one, which finds its port taken, leaves the file of the first as it is', async () => {
  const data = join(directory, 'shared')
  const first = start('--directory', data)
  const { dynamics } = await ready(first)
  await makeContact(dynamics, 'Owner')
  const file = join(data, 'dynamics.ndjson')
  appendFileSync(file, 'half a li')
  const held = readFileSync(file, 'utf8')
  const second = start('--directory', data, '--dynamics-port', new URL(dynamics).port)
  expect(await once(second, 'exit')).toEqual([1, null])
  expect(readFileSync(file, 'utf8')).toBe(held)
  first.kill('SIGKILL')
})

test('a port that is none is refused', async () => {
  const child = start('--dynamics-port', 'many')
  const said = once(child.stderr, 'data')
  const [code] = await once(child, 'exit')
  expect([code, String(await said)]).toEqual([1, expect.stringContaining('many is not a port')])
})
