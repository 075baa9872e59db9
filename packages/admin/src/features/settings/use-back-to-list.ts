import { type LinkOptions, useNavigate, useRouter } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useIsHere } from './use-is-here.ts'

/** Leads from the form of a row to the row in its list, unless the person has left meanwhile or is on the way. */
export function useBackToList(
  to: NonNullable<LinkOptions['to']>,
  integrationId: string,
): (rowId: string | null) => void {
  const navigate = useNavigate()
  const router = useRouter()
  const isHere = useIsHere()
  return useCallback(
    (rowId) => {
      const isLeaving = router.latestLocation.pathname !== router.state.resolvedLocation?.pathname
      if (!isHere.current || isLeaving) return
      void navigate({ to, params: { integrationId }, hash: rowId ?? 'add', ignoreBlocker: true })
    },
    [navigate, router, isHere, to, integrationId],
  )
}
