import { cookiePrefix } from '../viewers/session-cookie.ts'

export interface HostCookie {
  /** The value that a `Cookie` header brings; null: none, or one that we never wrote. */
  read(cookies: string | null): string | null
  /** A `Set-Cookie` header. */
  write(value: string, maxAgeSeconds: number): string
}

/**
 * A cookie of ours beside those of better-auth, which no script and no other site gets. Its values are made of letters, digits,
 * `-` and `_`.
 *
 * @param publicUrl under which browsers reach us
 */
export function hostCookie(name: string, publicUrl: string): HostCookie {
  const { prefix, secure } = cookiePrefix(publicUrl)
  const beginning = `${prefix}.${name}=`
  return {
    read(cookies) {
      const found = cookies?.split('; ').find((cookie) => cookie.startsWith(beginning))
      const value = found?.slice(beginning.length)
      return value && /^[\w-]+$/.test(value) ? value : null
    },
    write: (value, maxAgeSeconds) =>
      `${beginning}${value}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`,
  }
}
