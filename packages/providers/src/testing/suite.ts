import type { ProviderUnderTest } from './org.ts'
import type { Session } from './session.ts'

/** What each part of the conformance suite is handed. */
export interface Suite {
  org: ProviderUnderTest
  /** Only inside a check. */
  session(): Session
  /** Declares a test, unless it is an exception of this provider. */
  check(title: string, work: () => Promise<void>): void
}
