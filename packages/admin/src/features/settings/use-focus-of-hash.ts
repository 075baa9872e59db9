import { useLocation } from '@tanstack/react-router'
import { useEffect } from 'react'

/** The focus goes to what the address points to: whoever comes back from a form goes on where they were. */
export function useFocusOfHash(): void {
  const hash = useLocation({ select: (location) => location.hash })
  useEffect(() => {
    if (hash !== '') document.getElementById(hash)?.focus()
  }, [hash])
}
