/** Signing in and out, and whether somebody was signed in here. */
import { postAuth } from '../../auth/auth-client.ts'

/** What is to be told where it did not work; null where it did. */
export type Problem = string | null

export async function signIn(email: string, password: string): Promise<Problem> {
  const result = await postAuth('/sign-in/email', { email, password })
  if (result.kind === 'DONE') return null
  if (result.code === 'NO_ANSWER' || result.code === 'TOO_MANY_TRIES') return result.message
  return 'This e-mail address and password do not belong together. Check both.'
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
