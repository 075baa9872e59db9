/** Which database an address is of. Pure. */

/** Whether it is one of PostgreSQL's; the others are of SQLite. */
export const isPostgresql = (url: string): boolean => /^postgres(ql)?:\/\//.test(url)

/** Whether it names a database of PostgreSQL too, which has to be there: the server makes none. */
export function namesPostgresqlDatabase(url: string): boolean {
  return isPostgresql(url) && URL.canParse(url) && new URL(url).pathname.length > 1
}
