import { APIError } from 'better-auth/api'
import { type Passwords, PasswordsBusyError } from '../members/password.ts'

/** How better-auth answers when no more passwords can be looked at now. */
export function busyRefusal({ message, retryAfterSeconds }: PasswordsBusyError): APIError {
  return new APIError(
    'SERVICE_UNAVAILABLE',
    { code: 'SIGN_INS_BUSY', message },
    { 'retry-after': String(retryAfterSeconds) },
  )
}

/** The same, for better-auth, which answers its own errors only. */
export function refusingWhenBusy({ hash, verify }: Passwords): Pick<Passwords, 'hash' | 'verify'> {
  const refuse = (error: unknown): never => {
    throw error instanceof PasswordsBusyError ? busyRefusal(error) : error
  }
  return {
    hash: (password) => hash(password).catch(refuse),
    verify: (given) => verify(given).catch(refuse),
  }
}
