import { ConnectionBanner } from './connection-banner.tsx'
import { InstallationNotice } from './installation-notice.tsx'
import { SessionPrompt } from './session-prompt.tsx'
import { useIntegrationEvents } from './use-integration-events.ts'

/** What happens while the app is open, whatever page is shown: it is kept up to date, and what concerns a person is told. */
export function Live() {
  useIntegrationEvents()
  return (
    <>
      <ConnectionBanner />
      <InstallationNotice />
      <SessionPrompt />
    </>
  )
}
