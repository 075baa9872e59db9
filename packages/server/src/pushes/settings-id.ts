import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { encodeId } from '../shared/global-id.ts'

/** The global ID of what one vendor alone has of settings, as explanations and notes name it. */
export function settingsId({ settings }: IntegrationSnapshot): string {
  return encodeId(settings.dynamics === null ? 'SalesforceSettings' : 'DynamicsSettings', settings.id)
}
