/** I-01: whether the custom activities that shall be closed have a state to be closed by. */
import type { CrmProvider } from '@backchannel/providers'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'

/** The custom activity type whose closing is asked for; null where none is. */
export function closedCustomActivity({ settings: { dynamics } }: IntegrationSnapshot): string | null {
  return dynamics?.allowActivityClosing && dynamics.chatsSaveTo === 'CUSTOM_ACTIVITY' ? dynamics.activityTypeName : null
}

/**
 * A warning where it has no completed state.
 *
 * @throws ProviderError where the org could not be asked
 */
export async function closingWarnings(provider: CrmProvider, entityName: string): Promise<string[]> {
  const type = await provider.describeActivityType({ type: 'CUSTOM', entityName })
  if (type === null || type.closable) return []
  return [`${entityName} has no completed state: its activities cannot be closed, and stay open.`]
}
