import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The first owner of a demo: what the environment names, else one whose password is made once and kept beside the data,
 * so that no password is known to everybody.
 *
 * @param {string} data the folder that holds the demo's data
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ email: string, password: string | undefined, env: NodeJS.ProcessEnv }}
 */
export function demoSignIn(data, env) {
  if (env.ADMIN_EMAIL) return { email: env.ADMIN_EMAIL, password: undefined, env: {} }
  const file = join(data, 'demo-sign-in.json')
  if (!existsSync(file)) {
    mkdirSync(data, { recursive: true })
    const made = { email: 'owner@demo.example', password: randomBytes(9).toString('base64url') }
    writeFileSync(`${file}.new`, JSON.stringify(made), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
  /** @type {{ email: string, password: string }} */
  const { email, password } = JSON.parse(readFileSync(file, 'utf8'))
  return { email, password, env: { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } }
}
