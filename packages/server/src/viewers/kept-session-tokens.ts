/** Of a session's token the database holds only a keyed hash: whoever reads the table or a copy of it learns none. */
import type { BetterAuthOptions, DBAdapter, DBTransactionAdapter, Where } from 'better-auth'
import type { SecretBox } from '../secrets/secret-box.ts'

type OpenAdapter = (options: BetterAuthOptions) => DBAdapter

/** What better-auth asks of a table, rather than of several at once. */
type Asking = Omit<DBTransactionAdapter, 'id' | 'options' | 'createSchema'>

/**
 * better-auth's way to the database, for which tokens are as the browser has them. Sessions that are found by something else
 * than their token, such as all those of a user, are given with its hash.
 */
export function withHashedSessionTokens(open: OpenAdapter, secrets: Pick<SecretBox, 'hash'>): OpenAdapter {
  const hash = (token: string) => secrets.hash('session-token', token)
  return (options) => {
    const adapter = open(options)
    const { transaction } = adapter
    const ours: Pick<DBAdapter, 'transaction'> & Asking = {
      ...asking(adapter, hash),
      transaction: (work) => transaction((inner) => work({ ...inner, ...asking(inner, hash) })),
    }
    // It stays the same object: by it the library knows how to check the schema.
    return Object.assign(adapter, ours)
  }
}

interface Asked {
  model: string
  where?: Where[] | undefined
}

function asking(adapter: DBTransactionAdapter, hash: (token: string) => string): Asking {
  // As they are now: the adapter's own are about to make way.
  const { create, findOne, findMany, count, update, updateMany, delete: remove, deleteMany } = adapter
  const { consumeOne, incrementOne } = adapter
  const inside = <It extends Asked>(asked: It): It =>
    asked.model === 'session' && asked.where ? { ...asked, where: asked.where.map(hashed) } : asked

  function hashed(where: Where): Where {
    if (where.field !== 'token') return where
    if (typeof where.value === 'string') return { ...where, value: hash(where.value) }
    return Array.isArray(where.value) ? { ...where, value: where.value.map((token) => hash(String(token))) } : where
  }

  /** The token by which a row was asked for, in place of its hash. */
  function outside<Row>(row: Row, { model, where }: Asked): Row {
    if (model !== 'session' || typeof row !== 'object' || row === null || !('token' in row)) return row
    const asked = (where ?? []).flatMap(({ field, value }) => (field === 'token' ? [value].flat() : []))
    const token = asked.find((it) => hash(String(it)) === row.token)
    return token === undefined ? row : { ...row, token }
  }

  const one = async <Row>(row: Promise<Row>, asked: Asked): Promise<Row> => outside(await row, asked)
  const all = async <Row>(rows: Promise<Row[]>, asked: Asked): Promise<Row[]> =>
    (await rows).map((row) => outside(row, asked))

  return {
    create(given) {
      const token: unknown = given.model === 'session' && Reflect.get(given.data, 'token')
      if (typeof token !== 'string') return create(given)
      const kept = { ...given, data: { ...given.data, token: hash(token) } }
      return one(create(kept), { model: given.model, where: [{ field: 'token', value: token }] })
    },
    findOne: (asked) => one(findOne(inside(asked)), asked),
    findMany: (asked) => all(findMany(inside(asked)), asked),
    count: (asked) => count(inside(asked)),
    update: (asked) => one(update(inside(asked)), asked),
    updateMany: (asked) => updateMany(inside(asked)),
    delete: (asked) => remove(inside(asked)),
    deleteMany: (asked) => deleteMany(inside(asked)),
    consumeOne: (asked) => one(consumeOne(inside(asked)), asked),
    incrementOne: (asked) => one(incrementOne(inside(asked)), asked),
  }
}
