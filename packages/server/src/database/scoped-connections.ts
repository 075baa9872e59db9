/**
 * Sets on a connection to PostgreSQL, before each statement, whose rows it may reach: row-level security then holds whatever
 * the statement says. A connection serves many callers one after another, so nothing of the one before is left to the next.
 */
import { keepable } from './keepable.ts'
import { endConnection, isReadOnly, troubleOr } from './lost-connections.ts'
import { readScope } from './workspace-scope.ts'

/** A connection of the driver: of a pool or of a transaction, it asks through the same function. */
interface Connection {
  readonly query: unknown
}

const SETTING = `SELECT set_config('backchannel.workspace', $1, false)`
/** They reach no rows, and nothing may come between some of them. */
const CONTROL = /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET TRANSACTION)\b/i

/** Call it once for each connection, before it is used. */
export function scopeStatements(connection: Connection): void {
  const { query } = connection
  if (typeof query !== 'function')
    throw new Error('The driver of PostgreSQL has changed: its connections have no "query"')
  const send = async (...given: unknown[]): Promise<unknown> => Reflect.apply(query, connection, given)
  const ask = (...given: unknown[]) =>
    send(...given).catch((error: unknown) => {
      if (isReadOnly(error)) endConnection(connection)
      throw troubleOr(error)
    })
  /** What is set; null where that is not known, as an end of a transaction may have taken it back. */
  let current: string | null = null
  let last: Promise<unknown> = Promise.resolve()

  async function run(text: string, scope: string, given: unknown[]): Promise<unknown> {
    if (CONTROL.test(text)) {
      const before = current
      current = null
      const result = await ask(...given)
      if (!/^\s*ROLLBACK/i.test(text) && !endedOtherwise(text, result)) current = before
      return result
    }
    if (scope !== current) {
      current = null
      await ask(SETTING, [scope])
      current = scope
    }
    return ask(...given)
  }

  Reflect.set(connection, 'query', (config: unknown, ...rest: unknown[]) => {
    const { text, scope } = readScope(textOf(config))
    const callback = rest.find((it) => typeof it === 'function')
    const given = [
      typeof config === 'string'
        ? text
        : { ...Object(config), text, values: keepable(Reflect.get(Object(config), 'values')) },
      ...rest.filter((it) => it !== callback),
    ]
    // One after another, as the connection does them: between a scope and its statement comes no other scope.
    const result = last.then(() => run(text, scope, given))
    last = result.catch(() => {})
    if (callback === undefined) return result
    return void result.then(
      (value) => Reflect.apply(callback, undefined, [null, value]),
      (error: unknown) => Reflect.apply(callback, undefined, [error]),
    )
  })
}

function textOf(config: unknown): string {
  const text: unknown = typeof config === 'object' && config !== null ? Reflect.get(config, 'text') : config
  return typeof text === 'string' ? text : ''
}

/** A transaction that had failed answers its COMMIT with ROLLBACK. */
function endedOtherwise(text: string, result: unknown): boolean {
  if (!/^\s*COMMIT/i.test(text)) return false
  return typeof result !== 'object' || result === null || Reflect.get(result, 'command') !== 'COMMIT'
}
