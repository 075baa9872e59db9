/** All that a caller can see, found by asking for everything and following every global ID. */
import { ask, type RunningGateway } from '../running-gateway.ts'
import { idsIn, isReadById, openQueries, selectionOf } from './selecting.ts'

export interface Seen {
  /** By global ID: its type. */
  readonly ids: ReadonlyMap<string, string>
  /** Every answer as text. */
  readonly text: string
}

/** @param bearer of whom all is asked */
export async function crawl({ url }: RunningGateway, bearer: string): Promise<Seen> {
  const ids = new Map<string, string>()
  const texts: string[] = []
  const read = async (query: string, variables = {}): Promise<[string, string][]> => {
    const { data, errors } = await ask(url, bearer, query, variables)
    const odd = errors?.filter(({ extensions }) => !['FORBIDDEN', 'NOT_ALLOWED'].includes(extensions.code))
    if (odd?.length) throw new Error(`${query}: ${JSON.stringify(odd)}`)
    texts.push(JSON.stringify(data))
    const unseen = [...idsIn(data)].filter(([id]) => !ids.has(id))
    for (const [id, typename] of unseen) ids.set(id, typename)
    return unseen.filter(([, typename]) => isReadById(typename))
  }
  let fresh: [string, string][] = []
  for (const query of openQueries()) fresh.push(...(await read(query)))
  while (fresh.length > 0) {
    const found: [string, string][] = []
    for (const [typename, batch] of batchesOf(fresh)) {
      const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ${typename} ${selectionOf(typename)} } }`
      found.push(...(await read(query, { ids: batch })))
    }
    fresh = found
  }
  return { ids, text: texts.join('\n') }
}

const AT_ONCE = 20

function* batchesOf(found: readonly [string, string][]): Iterable<[string, string[]]> {
  for (const typename of new Set(found.map(([, it]) => it))) {
    const ids = found.filter(([, it]) => it === typename).map(([id]) => id)
    for (let start = 0; start < ids.length; start += AT_ONCE) yield [typename, ids.slice(start, start + AT_ONCE)]
  }
}
