/** Which database an address is of. Pure. */
import { isUserReadable, SIGNS_OF_PASSWORDS } from '../shared/user-of-address.ts'

/** Whether it is one of PostgreSQL's; the others are of SQLite. */
export const isPostgresql = (url: string): boolean => /^postgres(ql)?:\/\//.test(url)

/** Why an address is none of a database that can be used; null: nothing that can be told without going there. */
export function databaseUrlFault(url: string): string | null {
  if (/^file:./.test(url)) return null
  if (!isPostgresql(url)) return 'must be file:path or postgresql://host/name'
  // The database has to be there, so that it has a name: the server makes none.
  if (!URL.canParse(url) || new URL(url).pathname.length < 2 || !isUserReadable(new URL(url))) {
    return `must be postgresql://user:password@host/name; ${SIGNS_OF_PASSWORDS}`
  }
  const schemas = new URL(url).searchParams.getAll('schema')
  if (schemas.every((schema) => schema === 'public')) return null
  return 'names a schema: take "schema" out of it, and give the gateway a database of its own, where it uses "public"'
}
