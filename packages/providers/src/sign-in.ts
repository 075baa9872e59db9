/** Signing in at the vendor's page: the part of the contract that goes with methods which redirect. */
import type { ProviderError } from './errors.ts'
import type { ProviderPorts, StoredTokens } from './provider.ts'

export interface BeginSignIn {
  /** Where the vendor sends the browser back to. */
  redirectUri: string
  /** Unguessable, bound by the caller to session and integration. */
  state: string
}

export interface SignInStart {
  authorizeUrl: string
  /** To be kept, encrypted, until the callback: the PKCE verifier. */
  codeVerifier: string
  /** With what was found out on the way: to be kept in the place of what was given. */
  config?: unknown
}

/** Who is given code and client secret. */
export interface SignInDestination {
  /** With its port where that is not the default. */
  host: string
  /** The vendor itself, rather than whoever the configuration names. */
  isVendor: boolean
}

export interface FinishSignIn {
  code: string
  redirectUri: string
  codeVerifier: string
}

/** For methods that redirect: how to send the person there, and what to make of their coming back. */
export interface SignInFlow<Config> {
  /** @throws ProviderError where the address of the org leads nowhere */
  begin(config: Config, input: BeginSignIn, ports: Pick<ProviderPorts, 'http' | 'now'>): Promise<SignInStart>
  /** By the configuration that `begin` has answered with. */
  destination(config: Config): SignInDestination
  finish(config: Config, input: FinishSignIn, ports: Pick<ProviderPorts, 'http' | 'now'>): Promise<StoredTokens>
  /** What it means that the person came back without a code, by `error` and `error_description` of the callback. */
  refused(error: string, description: string): ProviderError
}
