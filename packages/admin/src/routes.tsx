import { createBrowserRouter, Navigate } from 'react-router'
import { IntegrationsPage } from './features/integrations/integrations-page.tsx'
import { SessionGate } from './features/sign-in/session-gate.tsx'
import { SignInPage } from './features/sign-in/sign-in-page.tsx'
import { AppFrame } from './ui/app-frame.tsx'
import { NotFoundPage } from './ui/not-found-page.tsx'

const basename = '/admin'

export const router = createBrowserRouter(
  [
    { path: '/sign-in', element: <SignInPage /> },
    {
      element: (
        <SessionGate>
          {({ userName, workspaceName, signOut }) => (
            <AppFrame userName={userName} workspaceName={workspaceName} onSignOut={signOut} />
          )}
        </SessionGate>
      ),
      children: [
        { index: true, element: <Navigate to="/integrations" replace /> },
        // Every CRM has an address of its own on the one page.
        { path: '/integrations/:crm?', element: <IntegrationsPage /> },
        { path: '*', element: <NotFoundPage /> },
      ],
    },
  ],
  { basename },
)

/** Leaves for the sign-in page, which comes back to where one is now. */
export function goToSignIn(): void {
  const next = window.location.pathname.slice(basename.length)
  if (next === '/sign-in') return
  void router.navigate(`/sign-in?${new URLSearchParams({ next })}`, { replace: true })
}
