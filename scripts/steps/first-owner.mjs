import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} FirstOwner
 * @property {string} email
 * @property {string | undefined} password only where we have drawn it; a person's own is never shown
 * @property {boolean} isNew whether that was just now
 * @property {NodeJS.ProcessEnv} env what the gateway has to be told besides
 */

/**
 * Whom the gateway makes its first owner where its data is empty: whom the environment names, else the owner of a demo,
 * whose password is drawn once and kept beside the data, so that no password is known to everybody.
 *
 * @param {{ data: string, emulator: boolean }} settings
 * @param {NodeJS.ProcessEnv} env
 * @returns {FirstOwner | undefined} nothing where nobody is named and it is no demo
 */
export function firstOwner({ data, emulator }, env) {
  if (env.ADMIN_EMAIL) return { email: env.ADMIN_EMAIL, password: undefined, isNew: false, env: {} }
  if (!emulator) return
  const file = join(data, 'demo-sign-in.json')
  const isNew = !existsSync(file)
  if (isNew) {
    mkdirSync(data, { recursive: true })
    const made = { email: 'owner@demo.example', password: randomBytes(9).toString('base64url') }
    writeFileSync(`${file}.new`, JSON.stringify(made), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
  /** @type {{ email: string, password: string }} */
  const { email, password } = JSON.parse(readFileSync(file, 'utf8'))
  return { email, password, isNew, env: { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } }
}
