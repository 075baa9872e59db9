/** Which rows a filter can match at all, where an index knows: equality and `In` on texts and ids. */
import type { Row, Store } from '../../store.ts'
import type { Entity } from '../schema/index.ts'
import type { Expression } from './ast.ts'
import { convert } from './query-functions.ts'

/** One question to the index of a property. */
interface Probe {
  property: string
  texts: readonly string[]
}

/** Questions whose answers together hold every match; undefined when only looking at all rows will do. */
export function findProbes(expression: Expression, entity: Entity): readonly Probe[] | undefined {
  switch (expression.kind) {
    case 'or': {
      const parts = expression.operands.map((operand) => findProbes(operand, entity))
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined
    }
    case 'and': {
      for (const operand of expression.operands) {
        const probes = findProbes(operand, entity)
        if (probes) return probes
      }
      return undefined
    }
    case 'compare': {
      const { operator, left, right } = expression
      if (operator !== 'eq' || left.kind !== 'path' || right.kind !== 'literal' || left.segments.length !== 1)
        return undefined
      const property = left.segments[0] ?? ''
      const { literal } = right
      return literal.type === 'string' || literal.type === 'guid' ? [{ property, texts: [literal.value] }] : undefined
    }
    case 'query': {
      const attribute = entity.attributes.get(expression.property) ?? entity.properties.get(expression.property)
      if (expression.function !== 'In' || !attribute) return undefined
      if (attribute.edm !== 'Edm.String' && attribute.edm !== 'Edm.Guid') return undefined
      return [
        { property: attribute.property, texts: expression.values.map((value) => String(convert(attribute, value))) },
      ]
    }
    default:
      return undefined
  }
}

/** The rows that the probes find, each once. */
export function collectCandidates(probes: readonly Probe[], table: string, store: Store): ReadonlySet<Row> {
  const rows = new Set<Row>()
  for (const { property, texts } of probes) {
    for (const text of texts) {
      for (const row of store.matching(table, property, text)) rows.add(row)
    }
  }
  return rows
}
