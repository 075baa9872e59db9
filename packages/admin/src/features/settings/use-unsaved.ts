import { useEffect } from 'react'
import { type DocumentChange, useSettings } from './settings-context.ts'

/**
 * While `change` is not null, the preview shows the settings with it, and whoever leaves is asked first.
 *
 * @param change the same function as long as the edits are the same (`useMemo`)
 */
export function useUnsaved(change: DocumentChange | null): void {
  const { setUnsaved } = useSettings()
  useEffect(() => {
    setUnsaved(change)
    return () => setUnsaved(null)
  }, [change, setUnsaved])
}
