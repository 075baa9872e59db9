import { useLayoutEffect, useMemo, useRef } from 'react'
import { lastChangeOfOthers, type OthersChange } from '../../graphql/own-changes.ts'

export interface EditBase {
  /** What somebody else changed since the unsaved edits began; null: nothing, or nothing is unsaved. */
  changedByOthers(): OthersChange | null
  /** The person was told: what is unsaved counts as begun with what is in force now. */
  moveOn(): void
}

/**
 * A page shows at once what others change, and with it the version that a save would ask for. So that nobody overwrites a
 * change of others that they did not look at, the version that their edits began with is kept here.
 */
export function useEditBase(integrationId: string, version: number | undefined, isEditing: boolean): EditBase {
  const base = useRef<number | null>(null)
  useLayoutEffect(() => {
    base.current = isEditing ? (base.current ?? version ?? null) : null
  }, [isEditing, version])
  return useMemo(() => {
    const changedByOthers = () => {
      const last = lastChangeOfOthers(integrationId)
      return last && base.current !== null && last.version > base.current ? last : null
    }
    return {
      changedByOthers,
      moveOn() {
        base.current = changedByOthers()?.version ?? base.current
      },
    }
  }, [integrationId])
}
