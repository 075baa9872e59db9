import { useEffect, useState } from 'react'

/**
 * What stands behind the number sign of the address when the page is opened, which no server was sent. It is taken out of
 * the address at once, so that neither the history nor a screenshot keeps it.
 */
export function useHashSecret(): string {
  const [secret] = useState(() => window.location.hash.slice(1))
  useEffect(() => {
    if (window.location.hash) window.history.replaceState(window.history.state, '', window.location.pathname)
  }, [])
  return secret
}
