import { useCallback, useEffect, useMemo, useState } from 'react'

/**
 * The items in the order that a person gave them, at once, while it is being saved. One order is saved at a time: what is
 * moved meanwhile is saved with the next, so that fast hands do not collide with themselves.
 */
export function useOrder<Item extends { id: string }>(
  items: readonly Item[],
  onReorder: (ids: string[]) => Promise<boolean>,
) {
  const [wanted, setWanted] = useState<string[] | null>(null)
  const [saving, setSaving] = useState(false)
  const [failed, setFailed] = useState(false)

  useEffect(() => {
    if (wanted === null || saving) return
    setSaving(true)
    void onReorder(wanted).then((saved) => {
      setSaving(false)
      setFailed(!saved)
      setWanted((now) => (saved && now !== wanted ? now : null))
    })
  }, [wanted, saving, onReorder])

  const reorder = useCallback((ids: string[]) => {
    setFailed(false)
    setWanted(ids)
  }, [])
  const ordered = useMemo(() => (wanted === null ? items : inOrder(items, wanted)), [items, wanted])
  return { ordered, failed, reorder }
}

/** An item that came in between stands at the end. */
function inOrder<Item extends { id: string }>(items: readonly Item[], ids: readonly string[]): Item[] {
  const places = new Map(ids.map((id, place) => [id, place]))
  const placeOf = ({ id }: Item) => places.get(id) ?? ids.length
  return [...items].sort((a, b) => placeOf(a) - placeOf(b))
}
