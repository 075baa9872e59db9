import type { Provider } from '../../graphql/generated/graphql.ts'

/** The address of a CRM's card below `/admin`, such as `/integrations/salesforce`. */
export function crmPath(provider: Provider): string {
  return `/integrations/${provider.toLowerCase()}`
}
