/** Who gets in by their company's identity provider: members, and people who are invited. */
import type { CompanyAccount } from './company-account.ts'
import type { CompanyStore } from './company-store.ts'
import { toEmail, toPersonName } from './person.ts'

/** Why somebody whom the provider vouches for does not get in. */
export type CompanyRefusal = 'COMPANY_NO_MEMBER' | 'COMPANY_EMAIL_NOT_VERIFIED' | 'COMPANY_OTHER_PERSON'

/** The sign-in page says what the reason means. */
export class CompanyRefusedError extends Error {
  override readonly name = 'CompanyRefusedError'
  readonly reason: CompanyRefusal

  constructor(reason: CompanyRefusal) {
    super(reason)
    this.reason = reason
  }
}

export interface CompanyEntrance {
  /**
   * Who came before is known by the provider's id for them, whatever their address is now; else a
   * verified address finds the member, or the invite that is used up by it.
   *
   * @throws CompanyRefusedError
   */
  admit(person: {
    issuer: string
    subject: string
    email: string | null
    emailVerified: boolean
    name: string
  }): Promise<Admitted>
}

export interface Admitted {
  readonly userId: string
  /** By the invite that was used up just now. */
  readonly hasJoined: boolean
}

/** @param now milliseconds since 1970 */
export function createCompanyEntrance(store: CompanyStore, now: () => number): CompanyEntrance {
  return {
    async admit({ issuer, subject, email: given, emailVerified, name }) {
      const account: CompanyAccount = { providerId: `oidc:${issuer}`, accountId: subject }
      const known = await store.findByAccount(account)
      if (known !== null) return { userId: known, hasJoined: false }
      const email = given === null ? null : toEmail(given)
      if (email === null || !emailVerified) throw new CompanyRefusedError('COMPANY_EMAIL_NOT_VERIFIED')
      const member = await store.link(email, account)
      if (member === 'OTHER_ACCOUNT') throw new CompanyRefusedError('COMPANY_OTHER_PERSON')
      if (member !== null) return { userId: member, hasJoined: false }
      const person = { name: toPersonName(name) ?? email.slice(0, email.indexOf('@')), email }
      const joined = await store.addInvited(person, account, new Date(now()))
      if (joined === null) throw new CompanyRefusedError('COMPANY_NO_MEMBER')
      return { userId: joined, hasJoined: true }
    },
  }
}
