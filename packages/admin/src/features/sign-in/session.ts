/** Signing in and out: the gateway's own endpoints, which set and clear the session cookie. */
import { NO_ANSWER } from '../../graphql/client.ts'

/** What is to be told where it did not work; null where it did. */
export type Problem = string | null

/** @returns null where the gateway cannot be reached */
async function post(path: string, body: unknown): Promise<Response | null> {
  try {
    return await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'same-origin',
      body: JSON.stringify(body),
    })
  } catch {
    return null
  }
}

export async function signIn(email: string, password: string): Promise<Problem> {
  const response = await post('/auth/sign-in/email', { email, password })
  if (response?.ok) return null
  if (response === null || response.status >= 500) return NO_ANSWER
  if (response.status === 429) return 'Too many attempts. Wait a while and try again.'
  return 'This e-mail address and password do not belong together. Check both.'
}

export async function signOut(): Promise<Problem> {
  const response = await post('/auth/sign-out', {})
  return response?.ok ? null : NO_ANSWER
}
