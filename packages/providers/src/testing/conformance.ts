/** One suite that every provider passes: what the contract says, put to the test. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { activitiesSuite } from './activities-suite.ts'
import { credentialsSuite } from './credentials-suite.ts'
import type { ProviderUnderTest } from './org.ts'
import { recordsSuite } from './records-suite.ts'
import { searchFieldsSuite } from './search-fields-suite.ts'
import { searchSuite } from './search-suite.ts'
import { openSession, type Session } from './session.ts'
import { successorsSuite } from './successors-suite.ts'
import { troubleSuite } from './trouble-suite.ts'

/**
 * Declares the suite for one provider.
 * @param setup starts what the provider talks to
 * @param exceptions tests that do not hold for this provider: their titles, each with the reason
 */
export async function describeProvider(
  name: string,
  setup: () => ProviderUnderTest | Promise<ProviderUnderTest>,
  exceptions: Readonly<Record<string, string>> = {},
): Promise<void> {
  const org = await setup()
  const titles = new Set<string>()
  let session: Session | null = null

  const suite = {
    org,
    session() {
      if (session === null) throw new Error('The suite has not begun.')
      return session
    },
    check(title: string, work: () => Promise<void>) {
      titles.add(title)
      if (!Object.hasOwn(exceptions, title)) test(title, work)
    },
  }

  describe(`${name} keeps the contract`, () => {
    beforeAll(async () => {
      session = await openSession(org)
    })
    afterAll(() => session?.close())

    credentialsSuite(suite)
    searchSuite(suite)
    searchFieldsSuite(suite)
    recordsSuite(suite)
    activitiesSuite(suite)
    successorsSuite(suite)
    if (org.network !== null) troubleSuite(suite, org.network)

    test('exceptions are of tests that exist, each with its reason', () => {
      for (const [title, reason] of Object.entries(exceptions)) {
        expect(titles).toContain(title)
        expect(reason).not.toBe('')
      }
    })
  })
}
