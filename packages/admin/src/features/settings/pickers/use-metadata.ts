import { useSettings } from '../settings-context.ts'

/** Whether the org can be asked what it has, and what is said where it cannot. */
export function useMetadata() {
  const { integration } = useSettings()
  const connected = integration.status !== 'DISCONNECTED'
  return {
    integrationId: integration.id,
    connected,
    /** Stands below a picker. */
    notice: connected
      ? null
      : `${integration.name} is disconnected: names cannot be checked now. What you type is taken as it is, and checked when it is connected.`,
  }
}

/** As long as one is still typing, the org is not asked. */
export const SEARCH_DELAY = 200
