/** Configuration of one Salesforce integration, as it is stored (encrypted) and handed to the provider. */

/** A person signed in at Salesforce's page (web-server flow with PKCE); tokens live in the TokenStore. */
export interface SalesforceConfig {
  method: 'SIGN_IN'
  /** `https://login.salesforce.com`, `https://test.salesforce.com`, a My Domain address, or the emulator. */
  loginUrl: string
  clientId: string
  clientSecret?: string
  /** API name of the unique external-ID field on Task, where the org has one. Default `Backchannel_Key__c`. */
  activityKeyField?: string
}
