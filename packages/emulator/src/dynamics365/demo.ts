/** Credentials and identities of the emulated Dynamics 365 org. DEMO values: they open nothing anywhere else. */
export const dynamicsDemo = {
  tenantId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00001',
  /** The tenant's domain, which may stand for its id. */
  tenantDomain: 'contoso.example',
  clientId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00002',
  clientSecret: 'demo-dynamics-client-secret',
  /** A secret of the same application that has run out. */
  expiredClientSecret: 'demo-dynamics-expired-secret',
  organizationId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00003',
  organizationName: 'Contoso (emulated)',
  businessUnitId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00004',
  /** The application user, as which every call acts. */
  userId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00005',
  userName: '# Backchannel (application user)',
  /** A person of the org, who can own records, and sign in. */
  colleagueId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00006',
  colleagueName: 'Robin Okafor',
  colleagueAccount: 'robin@contoso.example',
  /** The same person as the domain knows them. */
  colleagueDomainName: 'CONTOSO\\robin',
  /** An account of the tenant that is no user of the environment. */
  outsiderAccount: 'sam@contoso.example',
  /** Of both accounts. */
  password: 'demo-dynamics-password',
  /** An application without a secret. */
  publicClientId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00007',
  /** As which AD FS knows Backchannel. */
  adfsClientId: '5f0c8a52-6d0b-4c57-9a3e-2b1f7c94d6a1',
  /** Below this name the same org is served as a server of one's own without an internet-facing deployment. */
  onPremisesName: 'Contoso',
} as const
