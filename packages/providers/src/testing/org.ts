/** What the conformance suite has to know of a vendor and its emulated org. */
import type { HttpClient } from '../http/index.ts'
import type { ActivityType, RemoteReference } from '../model/index.ts'
import type { CrmProvider, ProviderCapabilities, ProviderDescriptor, ProviderPorts, StoredTokens } from '../provider.ts'

export interface ProviderUnderTest {
  descriptor: ProviderDescriptor
  /** A provider of the org; the suite owns the ports. Each has its own caches. */
  create(ports: ProviderPorts): CrmProvider
  capabilities: ProviderCapabilities
  activityTypes: readonly ActivityType[]
  /** A well-formed key of a contact that is not there. */
  unknownContactId: string
  people: OrgPeople
  /** Null where there is no network to fail. */
  network: OrgNetwork | null
  /** How many requests were made, where no network tells. */
  countRequests?: () => number
  close?: () => Promise<void>
}

/** What people do in the org at its own pages. */
export interface OrgPeople {
  remove(reference: RemoteReference): Promise<void>
  merge(loser: RemoteReference, master: RemoteReference): Promise<void>
  convertLead(lead: RemoteReference, into: { contact?: RemoteReference; account?: RemoteReference }): Promise<void>
}

export interface OrgNetwork {
  /** What the address check must let pass. */
  allowedHosts: readonly string[]
  /** Whether a call gets a token rather than data. */
  isSignIn(url: string): boolean
  /** What the token store holds after connecting; null where the provider signs in by itself. */
  signIn(http: HttpClient): Promise<StoredTokens | null>
  /** A provider whose secret or client is wrong, and whose tokens are of no use. */
  createWithWrongCredentials(ports: ProviderPorts): CrmProvider
  trouble: OrgTrouble
}

/** What the next data call meets. DROP_*: the connection breaks before or after the CRM did the work. */
export type OrgFault = 'DROP_BEFORE' | 'DROP_AFTER' | 'HANG' | 'HTML' | 'SERVER_ERROR'

export interface OrgTrouble {
  /** Lets the next calls fail; token calls are left alone. */
  fail(fault: OrgFault, times?: number): Promise<void>
  /** The same for calls that make an activity: reads pass. */
  failFiling(fault: OrgFault, times?: number): Promise<void>
  /** The next data call is throttled as the vendor does it. */
  throttle(seconds: number): Promise<void>
  advanceClock(ms: number): Promise<void>
  /** Every token given out so far is refused. */
  expireTokens(): Promise<void>
  /** Every token is refused, new ones too. */
  refuseAllTokens(): Promise<void>
  heal(): Promise<void>
}
