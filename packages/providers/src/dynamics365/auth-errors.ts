/** What Microsoft's sign-in service refuses, as neutral codes and sentences for an admin. */
import { ProviderError, type ProviderErrorCode } from '../errors.ts'

interface Refusal {
  code: ProviderErrorCode
  message: string
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
    65001: {
      code: 'CRM_CONSENT_REQUIRED',
      message: 'An administrator of the tenant must consent to the app registration first.',
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

function readErrorNumber(body: string): string | null {
  return /AADSTS(\d{4,8})\b/.exec(body)?.[1] ?? /"error_codes"\s*:\s*\[\s*(\d{4,8})\b/.exec(body)?.[1] ?? null
}
