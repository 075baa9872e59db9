/** Signing in and out: the gateway's own endpoints, which set and clear the session cookie. */

export type SignInOutcome = { ok: true } | { ok: false; message: string }

async function post(path: string, body: unknown): Promise<Response> {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    credentials: 'same-origin',
    body: JSON.stringify(body),
  })
}

export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  try {
    const response = await post('/auth/sign-in/email', { email, password })
    if (response.ok) return { ok: true }
    if (response.status === 429) {
      return { ok: false, message: 'Too many attempts. Wait a minute and try again.' }
    }
    return { ok: false, message: 'This e-mail address and password do not belong together. Check both.' }
  } catch {
    return { ok: false, message: 'The server does not answer. Check that it is running, then try again.' }
  }
}

export async function signOut(): Promise<void> {
  await post('/auth/sign-out', {})
}
