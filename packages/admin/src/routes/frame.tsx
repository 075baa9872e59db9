/** What all addresses hang under. */
import { createRootRoute, createRoute, Outlet } from '@tanstack/react-router'
import { Live } from '../features/live/live.tsx'
import { SessionGate } from '../features/sign-in/session-gate.tsx'
import { AppFrame } from '../ui/app-frame.tsx'
import { places } from './places.ts'

export const root = createRootRoute({ component: Outlet })

/** Whatever needs somebody who is signed in. */
export const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: () => (
    <SessionGate>{({ signOut }) => <AppFrame places={places} onSignOut={signOut} news={<Live />} />}</SessionGate>
  ),
})
