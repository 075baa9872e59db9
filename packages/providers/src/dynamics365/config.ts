/** Configuration of one Dynamics 365 integration, as it is stored (encrypted) and handed to the provider. */
import { ProviderError, type ProviderFieldError } from '../errors.ts'

/** Cloud: an app registration of the customer signs in by itself (client credentials). */
export interface AppRegistrationConfig {
  method: 'APP_REGISTRATION'
  /** Origin of the environment, without a trailing slash: `https://org.crm.dynamics.com`. */
  applicationUrl: string
  tenantId: string
  clientId: string
  clientSecret?: string
  /** Certificate and private key, both as PEM, in one text. */
  certificatePem?: string
  /** Origin. Default: what the application URL's cloud uses. The emulator names its own. */
  authority?: string
}

export type DynamicsConfig = AppRegistrationConfig

/** Clouds that sign in elsewhere than at `login.microsoftonline.com`, by the end of their host names (crm-apis.md 1.1, 1.2). */
const nationalAuthorities: readonly [hostEnd: string, authority: string][] = [
  ['.crm.microsoftdynamics.us', 'https://login.microsoftonline.us'],
  ['.crm.appsplatform.us', 'https://login.microsoftonline.us'],
  ['.crm.dynamics.cn', 'https://login.partner.microsoftonline.cn'],
]

/** Where tokens of this integration are asked for. */
export function authorityOf(config: DynamicsConfig): string {
  if (config.authority !== undefined) return config.authority
  const { hostname } = new URL(config.applicationUrl)
  const national = nationalAuthorities.find(([hostEnd]) => hostname.endsWith(hostEnd))
  return national === undefined ? 'https://login.microsoftonline.com' : national[1]
}

function toOrigin(text: string): string | null {
  if (!URL.canParse(text.trim())) return null
  const url = new URL(text.trim())
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : null
}

/**
 * Any address of the environment that a person may paste (an app's page, the API's own host) → its origin, without a
 * trailing slash, which would end up in the token's audience. Null for text that is no web address.
 */
export function toApplicationUrl(text: string): string | null {
  const origin = toOrigin(text)
  return origin === null ? null : origin.replace(/^(https:\/\/[^./]+)\.api\.(?=crm\d*\.)/, '$1.')
}

/**
 * Reads a stored or submitted configuration.
 *
 * @throws ProviderError `CRM_REJECTED` whose `fields` name each input that is missing or wrong
 */
export function parseDynamicsConfig(json: unknown): DynamicsConfig {
  const input: Partial<Record<keyof AppRegistrationConfig, unknown>> =
    typeof json === 'object' && json !== null ? json : {}
  const faults: ProviderFieldError[] = []
  const text = (name: keyof AppRegistrationConfig) => {
    const value = input[name]
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
  }
  const demand = (name: keyof AppRegistrationConfig, valid: (value: string) => boolean, message: string) => {
    const value = text(name)
    if (value === undefined || !valid(value)) faults.push({ name, message })
    return value ?? ''
  }

  if (input.method !== 'APP_REGISTRATION') faults.push({ name: 'method', message: 'Unknown way of connecting.' })
  const applicationUrl = demand(
    'applicationUrl',
    (value) => toApplicationUrl(value) !== null,
    'Paste the address of the Dynamics 365 environment, for example https://org.crm.dynamics.com.',
  )
  const tenantId = demand(
    'tenantId',
    (value) => /^[A-Za-z0-9][A-Za-z0-9.-]{0,253}$/.test(value),
    'Enter the directory (tenant) ID of the app registration, or the tenant’s domain name.',
  )
  const clientId = demand(
    'clientId',
    (value) => /^[A-Za-z0-9-]{1,100}$/.test(value),
    'Enter the application (client) ID of the app registration.',
  )
  const clientSecret = text('clientSecret')
  const certificatePem = text('certificatePem')
  if ((clientSecret === undefined) === (certificatePem === undefined)) {
    faults.push({ name: 'clientSecret', message: 'Enter either a client secret or a certificate.' })
  }
  const pastedAuthority = text('authority')
  const authority = pastedAuthority === undefined ? undefined : toOrigin(pastedAuthority)
  if (authority === null) {
    faults.push({ name: 'authority', message: 'Enter an address such as https://login.microsoftonline.com.' })
  }
  if (faults.length > 0) {
    throw new ProviderError('CRM_REJECTED', {
      message: 'The configuration of the Dynamics 365 integration is not complete.',
      fields: faults,
    })
  }
  return {
    method: 'APP_REGISTRATION',
    applicationUrl: toApplicationUrl(applicationUrl) ?? applicationUrl,
    tenantId,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(certificatePem === undefined ? {} : { certificatePem }),
    ...(authority == null ? {} : { authority }),
  }
}
