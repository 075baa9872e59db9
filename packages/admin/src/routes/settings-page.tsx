import { useLocation, useNavigate } from '@tanstack/react-router'
import { PreviewPanel } from '../features/preview/preview-panel.tsx'
import { SettingsLayout } from '../features/settings/settings-layout.tsx'

/** The settings of one integration, with the preview of what they come to beside them. */
export function SettingsPage() {
  const navigate = useNavigate()
  const { pathname } = useLocation()
  return (
    <SettingsLayout
      preview={(integrationId, document) => (
        <PreviewPanel
          integrationId={integrationId}
          document={document}
          onSignedOut={() => void navigate({ to: '/sign-in', search: { next: pathname }, replace: true })}
        />
      )}
    />
  )
}
