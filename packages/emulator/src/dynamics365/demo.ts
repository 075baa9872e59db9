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
  /** A person of the org, who can own records. */
  colleagueId: 'b1d5a7c0-4c3e-4f0a-9d61-0c0ffee00006',
} as const
