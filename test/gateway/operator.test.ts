/** `npm run admin`: what an operator does beside a server that runs, or without one. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { workspaceDirectory } from '../../packages/server/src/shared/package-directory.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { post, signIn } from './signing-in.ts'

const account = { email: 'owner@example.com', password: 'correct horse battery' }

let gateway: RunningGateway

beforeAll(async () => {
  gateway = await startGateway({ people: 1 })
  await gateway.gateway.entrance.ensureFirstOwner(account)
})
afterAll(() => gateway.stop())

/** Runs a command on the data of the gateway, as `npm run admin` does. */
async function admin(args: string[], input = ''): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['packages/server/dist/operator-main.js', ...args], {
    cwd: workspaceDirectory,
    env: {
      PATH: process.env['PATH'] ?? '',
      BACKCHANNEL_DATA: gateway.directory,
      DATABASE_URL: gateway.databaseUrl,
      BACKCHANNEL_KEYS: gateway.keys,
    },
  })
  child.stdin.end(input)
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code, out, err }
}

const passwordIn = (out: string) => /^Password \(shown this once\): (\S+)$/m.exec(out)?.[1] ?? ''

it('a new password opens the account, and soon ends every session in the server that runs meanwhile', async () => {
  const owner = await signIn(gateway, account)
  await owner.execute('{ viewer { kind } }')
  const { code, out } = await admin(['password', 'OWNER@example.com'])
  expect(code).toBe(0)
  await expect.poll(() => owner.execute('{ viewer { kind } }').catch(String)).toContain('UNAUTHENTICATED')
  expect((await post(gateway, '/sign-in/email', account)).status).toBe(401)
  const password = passwordIn(out)
  expect(password.length).toBeGreaterThanOrEqual(20)
  await signIn(gateway, { ...account, password })

  const again = await admin(['password', account.email, '--stdin'], `${account.password}\n`)
  expect(again.out).not.toContain(account.password)
  await signIn(gateway, account)
})
