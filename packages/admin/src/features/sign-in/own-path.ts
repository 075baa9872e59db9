/** Where one goes on after signing in: a path of this app with its query, whatever the address said. */
export function ownPath(next: string | undefined): string {
  return next && /^\/(?![/\\])[^\s\\]*$/.test(next) && !next.split(/[?#]/)[0]?.includes('..') ? next : '/integrations'
}
