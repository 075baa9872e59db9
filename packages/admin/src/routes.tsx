import { createBrowserRouter, Navigate } from 'react-router'
import { IntegrationsPage } from './features/integrations/integrations-page.tsx'
import { SessionGate } from './features/sign-in/session-gate.tsx'
import { SignInPage } from './features/sign-in/sign-in-page.tsx'
import { AppFrame } from './ui/app-frame.tsx'
import { NotFoundPage } from './ui/not-found-page.tsx'

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
        { path: '/integrations', element: <IntegrationsPage /> },
        { path: '*', element: <NotFoundPage /> },
      ],
    },
  ],
  { basename: '/admin' },
)
