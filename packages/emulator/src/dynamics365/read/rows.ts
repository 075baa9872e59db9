import type { Row, Store } from '../../store.ts'
import { collectCandidates } from '../filter/candidates.ts'
import { type Relationship, targetField } from '../schema/index.ts'
import type { Query } from './query.ts'

/** Every row that matches, in order; `among` instead of the whole table where it is given. */
export function findRows(query: Query, store: Store, among?: Iterable<Row>): Row[] {
  const { entity, filter, probes } = query
  const source = among ?? (probes ? collectCandidates(probes, entity.name, store) : store.table(entity.name).values())
  const rows: Row[] = []
  for (const row of source) {
    if (!filter || filter(row)) rows.push(row)
  }
  return rows.sort(query.compare)
}

/** The rows whose lookup leads to this one. */
export function relatedRows({ from, to, attribute }: Relationship, id: string, store: Store): Row[] {
  const target = targetField(attribute)
  return [...store.matching(from.name, attribute.property, id)].filter((row) => row[target] === to.name)
}

/** The row that a lookup leads to, when it leads into the relationship's table. */
export function lookedUpRow({ to, attribute }: Relationship, row: Row, store: Store): Row | undefined {
  const id = row[attribute.property]
  return typeof id === 'string' && row[targetField(attribute)] === to.name ? store.table(to.name).get(id) : undefined
}
