/** Signing in and out, and whether somebody was signed in here. */
import { isTrue, postAuth } from '../../auth/auth-client.ts'

/** What is to be told where it did not work; null where it did. */
export type Problem = string | null

/** What came of the password: in, asked for the code of the second factor, or what is to be told. */
export type PasswordOutcome = { kind: 'IN' } | { kind: 'CODE' } | { kind: 'REFUSED'; message: string }

export async function signIn(email: string, password: string): Promise<PasswordOutcome> {
  const result = await postAuth('/sign-in/email', { email, password })
  if (result.kind === 'DONE') return { kind: isTrue(result.answer, 'twoFactorRedirect') ? 'CODE' : 'IN' }
  const known = result.code === 'NO_ANSWER' || result.code === 'TOO_MANY_TRIES'
  return {
    kind: 'REFUSED',
    message: known ? result.message : 'This e-mail address and password do not belong together. Check both.',
  }
}

/** @param code six digits of an authenticator app, or a backup code */
export async function giveCode(code: string): Promise<Problem> {
  const isBackup = !/^\d{6}$/.test(code.replaceAll(/\s/g, ''))
  const result = await postAuth(isBackup ? '/two-factor/verify-backup-code' : '/two-factor/verify-totp', { code })
  if (result.kind === 'DONE') return null
  if (result.code === 'INVALID_CODE')
    return 'This code is not right, or was used before. Wait for the next and try again.'
  if (result.code === 'INVALID_BACKUP_CODE') return 'This is none of your backup codes that are left. Check it.'
  if (result.code === 'INVALID_TWO_FACTOR_COOKIE' || result.code === 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE') {
    return 'This try has ended. Load the page anew and sign in from the start.'
  }
  return result.message
}

export async function signOut(): Promise<Problem> {
  const result = await postAuth('/sign-out', {})
  return result.kind === 'DONE' ? null : result.message
}

let opened = false

/** Somebody is signed in on this page. */
export function noteSession(): void {
  opened = true
}

/** Whether somebody was signed in since this page was loaded: then a session that is not there has ended. */
export function hadSession(): boolean {
  return opened
}
