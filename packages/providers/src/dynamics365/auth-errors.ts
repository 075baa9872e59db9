/** What Microsoft's sign-in services refuse, Entra and AD FS, as neutral codes and sentences for an admin. */
import { ProviderError, type ProviderErrorCode } from '../errors.ts'

interface Refusal {
  code: ProviderErrorCode
  message: string
}

const signInAgain = (why: string): Refusal => ({ code: 'CRM_UNAUTHENTICATED', message: `${why} Sign in again.` })
const consentMissing: Refusal = {
  code: 'CRM_CONSENT_REQUIRED',
  message: 'An administrator of the tenant must consent to the app registration first.',
}
const userNotAssigned: Refusal = {
  code: 'CRM_USER_NOT_PERMITTED',
  message: 'This user may not use the app registration. An administrator must assign the user to it, or ask for none.',
}
const notAllowed: Refusal = {
  code: 'CRM_CONSENT_REQUIRED',
  message: 'Access was not allowed at the Microsoft page. Begin again, and allow it.',
}

/** By AADSTS number (crm-apis.md 1.2). Microsoft's own text is not passed on: it is long and holds ids and times. */
const refusals: ReadonlyMap<string, Refusal> = new Map(
  Object.entries<Refusal>({
    7000215: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'Microsoft refused the client secret. Enter the value of the secret, not its ID.',
    },
    7000222: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'The client secret has expired. Create a new one for the app registration and enter its value.',
    },
    700016: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'The tenant has no app registration with this client ID. Check both IDs.',
    },
    90002: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'Microsoft knows no tenant with this ID. Check the directory (tenant) ID.',
    },
    900023: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'The directory (tenant) ID is neither a GUID nor a domain name.',
    },
    500011: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'The tenant has no environment at this application URL. Check the URL and the tenant ID.',
    },
    700027: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'Microsoft refused the certificate. Upload the same certificate to the app registration.',
    },
    700024: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'Microsoft refused the certificate because of the time. Check the clock of this server.',
    },
    65001: consentMissing,
    90094: consentMissing,
    90095: consentMissing,
    65004: notAllowed,
    650052: {
      code: 'CRM_CONSENT_REQUIRED',
      message: 'The tenant of this user has no Dynamics 365. Sign in with an account of the tenant that has it.',
    },
    50105: userNotAssigned,
    70000: signInAgain('The Microsoft sign-in cannot be renewed.'),
    70008: signInAgain('The Microsoft sign-in has run out.'),
    700082: signInAgain('The Microsoft sign-in was not used for too long.'),
    700084: signInAgain('The Microsoft sign-in has run out.'),
    50173: signInAgain('The Microsoft sign-in was revoked, as it is when a password changes.'),
    50076: signInAgain('Microsoft asks for another proof of who you are.'),
    50078: signInAgain('Microsoft asks for another proof of who you are.'),
    50079: signInAgain('Microsoft asks for another proof of who you are.'),
    50057: { code: 'CRM_USER_NOT_PERMITTED', message: 'The account that signed in is disabled.' },
    54005: signInAgain('This sign-in was used already.'),
    50011: {
      code: 'CRM_CREDENTIALS_INVALID',
      message:
        'The app registration does not have our address as a redirect URI. Add /auth/callback/microsoft of this server.',
    },
    7000218: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'The app registration is a web app: give its client secret, or allow public client flows.',
    },
    700025: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'The app registration is a public client: leave the client secret out.',
    },
    7000229: {
      code: 'CRM_CONSENT_REQUIRED',
      message:
        'The app registration has no service principal in the tenant. An administrator must consent to it first.',
    },
    7000112: {
      code: 'CRM_APP_NOT_APPROVED',
      message: 'The app registration is disabled in the tenant. An administrator must enable it.',
    },
    53003: {
      code: 'CRM_APP_NOT_APPROVED',
      message: 'A conditional access policy of the tenant blocks the app registration. An administrator must allow it.',
    },
  }),
)

/**
 * The neutral error for an answer of the token endpoint that holds no token.
 *
 * @param body the answer as text: JSON with `error_codes` and `error_description`, or anything a proxy may say
 * @param retryAfter seconds, where the answer said so
 */
export function toSignInError(status: number, body: string, retryAfter: number | null): ProviderError {
  const number = readErrorNumber(body)
  const refusal = number === null ? undefined : refusals.get(number)
  const details = { status, ...(number === null ? {} : { providerCode: `AADSTS${number}` }) }
  if (refusal !== undefined) return new ProviderError(refusal.code, { ...details, message: refusal.message })
  if (status === 429) {
    return new ProviderError('CRM_RATE_LIMITED', {
      ...details,
      message: 'Microsoft asks to wait before signing in again.',
      ...(retryAfter === null ? {} : { retryAfter }),
    })
  }
  if (number === null || status >= 500) {
    return new ProviderError('CRM_UNAVAILABLE', {
      ...details,
      message: 'Microsoft sign-in does not answer as it should. Try again later.',
      ...(retryAfter === null ? {} : { retryAfter }),
    })
  }
  return new ProviderError('CRM_CREDENTIALS_INVALID', {
    ...details,
    message: `Microsoft refused to sign in (AADSTS${number}). Check the tenant ID, the client ID and the secret.`,
  })
}

/**
 * What it means that a person came back from Microsoft's page without a code, by the `error` and `error_description` of
 * the callback.
 */
export function toRefusedSignIn(error: string, description: string): ProviderError {
  const number = readErrorNumber(description)
  const refusal = (number === null ? undefined : refusals.get(number)) ?? refusedAtPage.get(error)
  const { code, message } = refusal ?? {
    code: 'CRM_CREDENTIALS_INVALID' as const,
    message: 'Microsoft did not let you in. Begin again.',
  }
  const providerCode = number === null ? error : `AADSTS${number}`
  return new ProviderError(code, { message, ...(providerCode === '' ? {} : { providerCode }) })
}

/** OAuth's own words for it, where no number goes with them. */
const refusedAtPage: ReadonlyMap<string, Refusal> = new Map(
  Object.entries<Refusal>({
    access_denied: notAllowed,
    consent_required: consentMissing,
    interaction_required: signInAgain('Microsoft asks for another proof of who you are.'),
    server_error: { code: 'CRM_UNAVAILABLE', message: 'Microsoft sign-in is not available at the moment. Try again.' },
    temporarily_unavailable: {
      code: 'CRM_UNAVAILABLE',
      message: 'Microsoft sign-in is not available at the moment. Try again.',
    },
  }),
)

/** By MSIS number or OAuth code, the number first (crm-apis.md 1.2). */
const adfsRefusals: ReadonlyMap<string, Refusal> = new Map(
  Object.entries<Refusal>({
    MSIS9605: {
      code: 'CRM_APP_NOT_APPROVED',
      message:
        'AD FS does not let our client ask for Dynamics 365. An administrator must grant it by Grant-AdfsApplicationPermission.',
    },
    invalid_client: {
      code: 'CRM_APP_NOT_APPROVED',
      message: 'AD FS does not know our client. An administrator must register it by Add-AdfsClient.',
    },
    unauthorized_client: {
      code: 'CRM_APP_NOT_APPROVED',
      message:
        'AD FS does not allow our client this way of signing in. An administrator must register it by Add-AdfsClient.',
    },
    invalid_resource: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'AD FS does not know the server at the application URL. Check the URL and the authority.',
    },
    invalid_grant: {
      code: 'CRM_CREDENTIALS_INVALID',
      message:
        'AD FS refused the user name or the password. The password may also have expired, or the user be locked.',
    },
  }),
)

/**
 * The neutral error for an answer of AD FS that holds no token.
 *
 * @param retryAfter seconds, where the answer said so
 */
export function toAdfsError(
  status: number,
  { error, description }: { error: string; description: string },
  retryAfter: number | null,
): ProviderError {
  const number = /\bMSIS\d{4,6}\b/.exec(description)?.[0]
  const providerCode = number ?? error
  const refusal = adfsRefusals.get(number ?? '') ?? adfsRefusals.get(error)
  const details = { status, ...(providerCode === '' ? {} : { providerCode }) }
  if (refusal !== undefined && status < 500) {
    return new ProviderError(refusal.code, { ...details, message: refusal.message })
  }
  return new ProviderError(status === 429 ? 'CRM_RATE_LIMITED' : 'CRM_UNAVAILABLE', {
    ...details,
    message: 'AD FS does not answer as it should. Try again later.',
    ...(retryAfter === null ? {} : { retryAfter }),
  })
}

function readErrorNumber(body: string): string | null {
  return /AADSTS(\d{4,8})\b/.exec(body)?.[1] ?? /"error_codes"\s*:\s*\[\s*(\d{4,8})\b/.exec(body)?.[1] ?? null
}
