/** Configuration of one Dynamics 365 integration, as it is stored (encrypted) and handed to the provider. */

/** Cloud: an app registration of the customer signs in by itself (client credentials). */
export interface AppRegistrationConfig {
  method: 'APP_REGISTRATION'
  /** Origin of the environment, without a trailing slash: `https://org.crm.dynamics.com`. */
  applicationUrl: string
  tenantId: string
  clientId: string
  clientSecret?: string
  certificatePem?: string
  /** Default `https://login.microsoftonline.com`. National clouds and the emulator name their own. */
  authority?: string
}

export type DynamicsConfig = AppRegistrationConfig
