/** Configuration of one Dynamics 365 integration, as it is stored (encrypted) and handed to the provider. */
import { ProviderError, type ProviderFieldError } from '../errors.ts'
import { toApplicationUrl, toAuthority, toOnPremisesUrl } from './addresses.ts'

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
  /** Without the tenant. Default: what the application URL's cloud uses. The emulator names its own. */
  authority?: string
}

/** Cloud: a person signs in at Microsoft's page (authorization code with PKCE); tokens live in the TokenStore. */
export interface SignInConfig {
  method: 'SIGN_IN'
  applicationUrl: string
  clientId: string
  /** Only for an app that is registered as a web app rather than a public client. */
  clientSecret?: string
  /** With the tenant. Default: what the environment names, else the work accounts of its cloud. */
  authority?: string
}

/** On-premises: a user of the domain, by AD FS. */
export interface OnPremisesConfig {
  method: 'ON_PREMISES'
  /** Origin, and the org's name behind it where the server is not internet-facing: `https://crm.contoso.com/Contoso`. */
  applicationUrl: string
  /** `DOMAIN\user` or an e-mail address. */
  username: string
  password: string
  /** `https://adfs.contoso.com/adfs`. Default: what the server names. */
  authority?: string
  /** As which AD FS knows us. */
  clientId: string
}

export type DynamicsConfig = AppRegistrationConfig | SignInConfig | OnPremisesConfig

/** Ours in every AD FS that has us registered: docs/connect-dynamics.md says by which command. */
const defaultAdfsClientId = '5f0c8a52-6d0b-4c57-9a3e-2b1f7c94d6a1'

/** Clouds that sign in elsewhere than at `login.microsoftonline.com`, by the end of their host names (crm-apis.md 1.1, 1.2). */
const nationalAuthorities: readonly [hostEnd: string, authority: string][] = [
  ['.crm.microsoftdynamics.us', 'https://login.microsoftonline.us'],
  ['.crm.appsplatform.us', 'https://login.microsoftonline.us'],
  ['.crm.dynamics.cn', 'https://login.partner.microsoftonline.cn'],
]

/** Where tokens of this integration are asked for, with its tenant: `https://login.microsoftonline.com/<tenant>`. */
export function authorityOf(config: AppRegistrationConfig | SignInConfig): string {
  if (config.method === 'APP_REGISTRATION') {
    return `${config.authority ?? cloudOf(config.applicationUrl)}/${config.tenantId}`
  }
  // The accounts of whatever organization; personal ones have no environment.
  return config.authority ?? `${cloudOf(config.applicationUrl)}/organizations`
}

function cloudOf(applicationUrl: string): string {
  const { hostname } = new URL(applicationUrl)
  const national = nationalAuthorities.find(([hostEnd]) => hostname.endsWith(hostEnd))
  return national === undefined ? 'https://login.microsoftonline.com' : national[1]
}

/** The inputs of every way of connecting. */
type InputName = keyof AppRegistrationConfig | keyof SignInConfig | keyof OnPremisesConfig

/** Reads inputs one by one and collects what is wrong with them. */
interface Inputs {
  faults: ProviderFieldError[]
  text(name: InputName): string | undefined
  demand(name: InputName, valid: (value: string) => boolean, message: string): string
  /** What `read` makes of it; a fault where that is null. */
  demandAddress(name: InputName, read: (text: string) => string | null, message: string): string
  optionalAddress(name: InputName, read: (text: string) => string | null, message: string): string | undefined
}

function readInputs(json: unknown): Inputs {
  const input: Partial<Record<InputName, unknown>> = typeof json === 'object' && json !== null ? json : {}
  const faults: ProviderFieldError[] = []
  const text = (name: InputName) => {
    const value = input[name]
    if (typeof value !== 'string' || value.trim() === '') return undefined
    // A password may begin or end with a space.
    return name === 'password' ? value : value.trim()
  }
  const optionalAddress: Inputs['optionalAddress'] = (name, read, message) => {
    const given = text(name)
    const address = given === undefined ? undefined : read(given)
    if (address === null) faults.push({ name, message })
    return address ?? undefined
  }
  return {
    faults,
    text,
    demand(name, valid, message) {
      const value = text(name)
      if (value === undefined || !valid(value)) faults.push({ name, message })
      return value ?? ''
    },
    demandAddress(name, read, message) {
      if (text(name) === undefined) faults.push({ name, message })
      return optionalAddress(name, read, message) ?? ''
    },
    optionalAddress,
  }
}

const isGiven = () => true
const isClientId = (value: string) => /^[A-Za-z0-9-]{1,100}$/.test(value)
const environmentAddress =
  'Paste the address of the Dynamics 365 environment, for example https://org.crm.dynamics.com.'
const serverAddress = 'Paste the address of Dynamics 365 on your server, for example https://org.contoso.com.'
const cloudAuthority = 'Enter an address such as https://login.microsoftonline.com.'

function parseAppRegistration(inputs: Inputs): AppRegistrationConfig {
  const { text, demand, demandAddress, optionalAddress, faults } = inputs
  const applicationUrl = demandAddress('applicationUrl', toApplicationUrl, environmentAddress)
  const tenantId = demand(
    'tenantId',
    (value) => /^[A-Za-z0-9][A-Za-z0-9.-]{0,253}$/.test(value),
    'Enter the directory (tenant) ID of the app registration, or the tenant’s domain name.',
  )
  const clientId = demand('clientId', isClientId, 'Enter the application (client) ID of the app registration.')
  const clientSecret = text('clientSecret')
  const certificatePem = text('certificatePem')
  if ((clientSecret === undefined) === (certificatePem === undefined)) {
    faults.push({ name: 'clientSecret', message: 'Enter either a client secret or a certificate.' })
  }
  const authority = optionalAddress('authority', toAuthority, cloudAuthority)
  const tenantEnd = `/${tenantId}`
  return {
    method: 'APP_REGISTRATION',
    applicationUrl,
    tenantId,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(certificatePem === undefined ? {} : { certificatePem }),
    ...(authority === undefined
      ? {}
      : { authority: authority.endsWith(tenantEnd) ? authority.slice(0, -tenantEnd.length) : authority }),
  }
}

function parseSignIn({ text, demand, demandAddress, optionalAddress }: Inputs): SignInConfig {
  const applicationUrl = demandAddress('applicationUrl', toApplicationUrl, environmentAddress)
  const clientId = demand(
    'clientId',
    isClientId,
    'This server brings no app of its own for signing in with Microsoft: set MICROSOFT_CLIENT_ID, or give the client ID of an app registration of yours.',
  )
  const clientSecret = text('clientSecret')
  const authority = optionalAddress('authority', toAuthority, cloudAuthority)
  return {
    method: 'SIGN_IN',
    applicationUrl,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(authority === undefined
      ? {}
      : { authority: new URL(authority).pathname === '/' ? `${authority}/organizations` : authority }),
  }
}

function parseOnPremises({ text, demand, demandAddress, optionalAddress }: Inputs): OnPremisesConfig {
  const username = demand('username', isGiven, 'Enter the user name, as DOMAIN\\user or as an e-mail address.')
  const applicationUrl = demandAddress('applicationUrl', toOnPremisesUrl, serverAddress)
  const password = demand('password', isGiven, 'Enter the password of this user.')
  const authority = optionalAddress('authority', toAuthority, 'Enter an address such as https://adfs.contoso.com/adfs.')
  return {
    method: 'ON_PREMISES',
    applicationUrl,
    username,
    password,
    clientId: text('clientId') ?? defaultAdfsClientId,
    ...(authority === undefined
      ? {}
      : { authority: new URL(authority).pathname === '/' ? `${authority}/adfs` : authority }),
  }
}

function parseMethod(method: unknown, inputs: Inputs): DynamicsConfig {
  if (method === 'ON_PREMISES') return parseOnPremises(inputs)
  if (method === 'SIGN_IN') return parseSignIn(inputs)
  if (method !== 'APP_REGISTRATION') {
    inputs.faults.push({ name: 'method', message: 'Unknown way of connecting.' })
  }
  return parseAppRegistration(inputs)
}

/**
 * Reads a stored or submitted configuration.
 *
 * @throws ProviderError `CRM_REJECTED` whose `fields` name each input that is missing or wrong
 */
export function parseDynamicsConfig(json: unknown): DynamicsConfig {
  const inputs = readInputs(json)
  const config = parseMethod(inputs.text('method'), inputs)
  if (inputs.faults.length > 0) {
    throw new ProviderError('CRM_REJECTED', {
      message: 'The configuration of the Dynamics 365 integration is not complete.',
      fields: inputs.faults,
    })
  }
  return config
}
