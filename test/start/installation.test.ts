/** What the container image holds, without a container engine: whether it runs where nothing else lies. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { layOutInstallation } from '../../scripts/steps/installation.mjs'
import { prepare } from '../../scripts/steps/prepare.mjs'

beforeAll(prepare, 300_000)

test('what the image takes along starts a server on a database of its own, with its admin app, far from the workspace', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'backchannel-installation-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  layOutInstallation(folder)
  expect(readdirSync(join(folder, 'node_modules')).sort()).toEqual([
    ...['@prisma', 'better-sqlite3', 'bindings', 'file-uri-to-path'],
  ])

  const server = spawn(process.execPath, ['packages/server/dist/main.js'], {
    cwd: folder,
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      BACKCHANNEL_DATA: join(folder, 'data'),
      BACKCHANNEL_KEYS: 'a:zqB8pFv1mX0h2Ue7Ss5yWnK9tRgJ4dLcAaQ3iOoVxEk=',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void server.kill('SIGKILL'))
  const url = await listening(createInterface({ input: server.stdout }))
  expect((await fetch(`${url}/ready`)).status).toBe(200)
  const app = await fetch(`${url}/admin`)
  expect([app.status, app.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])

  server.kill('SIGTERM')
  expect(await once(server, 'close')).toEqual([0, null])
})

/** Where it listens, as its log says once it is ready. */
async function listening(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const { msg, port } = JSON.parse(line)
    if (msg === 'Ready') return `http://127.0.0.1:${port}`
  }
  throw new Error('The server ended before it was ready')
}
