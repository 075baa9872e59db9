/** The provider, and its id of the person: unlike an address it is never given to somebody else. */
export interface CompanyAccount {
  readonly providerId: string
  readonly accountId: string
}
