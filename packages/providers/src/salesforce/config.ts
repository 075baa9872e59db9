/** Configuration of one Salesforce integration, as it is stored (encrypted) and handed to the provider. */
import { ProviderError, type ProviderFieldError } from '../errors.ts'

/** A person signed in at Salesforce's page (web-server flow with PKCE); tokens live in the TokenStore. */
export interface SalesforceConfig {
  method: 'SIGN_IN'
  /** Origin: `https://login.salesforce.com`, `https://test.salesforce.com`, a My Domain address, or the emulator. */
  loginUrl: string
  clientId: string
  clientSecret?: string
  /**
   * API name of the text field, external ID and unique, that holds our keys: on Task for activities, on Account, Contact
   * and Lead for created records, wherever the org has it. Default `Backchannel_Key__c`.
   */
  activityKeyField?: string
}

export const defaultLoginUrl = 'https://login.salesforce.com'
export const defaultKeyField = 'Backchannel_Key__c'

/**
 * Any address of the org that a person may paste → the origin to sign in at. The pages that people see live on a host
 * that is no API host (crm-apis.md 2.1); its My Domain is the same name on another one. Null for text that is no web address.
 */
function toLoginUrl(text: string): string | null {
  if (!URL.canParse(text.trim())) return null
  const url = new URL(text.trim())
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
  return url.origin.replace(/\.(lightning\.force|my\.salesforce-setup)\.com$/, '.my.salesforce.com')
}

/**
 * Reads a stored or submitted configuration.
 *
 * @throws ProviderError `CRM_REJECTED` whose `fields` name each input that is missing or wrong
 */
export function parseSalesforceConfig(json: unknown): SalesforceConfig {
  const input: Partial<Record<keyof SalesforceConfig, unknown>> = typeof json === 'object' && json !== null ? json : {}
  const faults: ProviderFieldError[] = []
  const text = (name: keyof SalesforceConfig) => {
    const value = input[name]
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
  }

  if (input.method !== 'SIGN_IN') faults.push({ name: 'method', message: 'Unknown way of connecting.' })
  const loginUrl = toLoginUrl(text('loginUrl') ?? defaultLoginUrl)
  if (loginUrl === null) {
    faults.push({ name: 'loginUrl', message: `Enter an address such as ${defaultLoginUrl}, or your My Domain.` })
  }
  const clientId = text('clientId')
  if (clientId === undefined) {
    faults.push({ name: 'clientId', message: 'Enter the consumer key of the connected app.' })
  }
  const clientSecret = text('clientSecret')
  const activityKeyField = text('activityKeyField')
  if (activityKeyField !== undefined && !/^[A-Za-z]\w*__c$/.test(activityKeyField)) {
    faults.push({ name: 'activityKeyField', message: `Enter the API name of the field, such as ${defaultKeyField}.` })
  }
  if (loginUrl === null || clientId === undefined || faults.length > 0) {
    throw new ProviderError('CRM_REJECTED', {
      message: 'The configuration of the Salesforce integration is not complete.',
      fields: faults,
    })
  }
  return {
    method: 'SIGN_IN',
    loginUrl,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(activityKeyField === undefined ? {} : { activityKeyField }),
  }
}
