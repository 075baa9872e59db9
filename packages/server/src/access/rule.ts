/** Who may ask for what: read from the `authScopes` that the resolvers are guarded by, so that what is said is what holds. */
import { type Scope, scopes } from '../viewers/viewer.ts'

export interface AccessRule {
  /** The least scope that opens it. */
  readonly least: Scope
  /** Of those who hold it, only people who are signed in and own the workspace. */
  readonly onlyOwners: boolean
}

/** What a field or a type was declared with. */
export interface Declared {
  readonly authScopes?: unknown
  readonly extensions?: { readonly onlyOwners?: unknown; readonly byId?: unknown } | undefined
}

/**
 * @param place for the message, as `Query.members`
 * @returns null where nothing is said
 * @throws where it is said in a way that cannot be told to people
 */
export function readRule(place: string, { authScopes, extensions }: Declared): AccessRule | null {
  if (authScopes === undefined) return null
  const named: [string, unknown][] = typeof authScopes === 'object' && authScopes ? Object.entries(authScopes) : []
  const least = scopes.find((scope) => scope.toLowerCase() === named[0]?.[0])
  if (!least || named.length !== 1 || named[0]?.[1] !== true) {
    throw new Error(
      `${place} must name one scope in authScopes, as { ${scopes.map((it) => it.toLowerCase()).join(' | ')}: true }`,
    )
  }
  return { least, onlyOwners: extensions?.onlyOwners === true }
}

/**
 * Who may ask for a thing of this type by its id, declared as `extensions: { byId: { admin: true } }`: for everybody else there
 * is nothing of that id.
 *
 * @returns null where whoever reaches it may
 * @throws where it is said in a way that cannot be told to people
 */
export function readByIdRule(typename: string, { extensions }: Declared): AccessRule | null {
  return readRule(`${typename} by its id`, { authScopes: extensions?.byId, extensions })
}

/** The scopes that open it, the widest first. */
export function scopesOf({ least }: AccessRule): readonly Scope[] {
  return scopes.slice(0, scopes.indexOf(least) + 1)
}

/** For the description: "Who may ask: ADMIN, SERVICE." */
export function sayRule(rule: AccessRule): string {
  return `Who may ask: ${rule.onlyOwners ? 'an OWNER who is signed in' : scopesOf(rule).join(', ')}.`
}
