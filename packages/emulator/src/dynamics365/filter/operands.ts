/** Names and literals of a filter, looked up in the model and brought to one comparable form. */
import type { Row, Store } from '../../store.ts'
import { badQuery, unknownProperty } from '../errors.ts'
import { type Attribute, type EdmType, type Entity, targetField } from '../schema/index.ts'
import { toDateTime } from '../values.ts'
import type { Comparison, Literal, Path } from './ast.ts'

/** A value as it compares: texts and guids in lower case, dates as ISO texts of equal form; null where there is none. */
export type Comparable = string | number | boolean | null

/** A column that a filter names, found from the row at hand. */
export interface Column {
  attribute: Attribute
  /** The column belongs to the row itself, not to a related one. */
  isOwn: boolean
  read: (row: Row) => Comparable
}

/** `variable`: inside a lambda every path starts with it. */
export function findColumn(path: Path, entity: Entity, store: Store, variable?: string): Column {
  const [first, ...rest] = path.segments
  const segments = variable === undefined ? path.segments : rest
  if (variable !== undefined && first !== variable) throw unknownProperty(first ?? '', entity.name)

  let owner = entity
  const steps: { property: string; target: string; rows: ReadonlyMap<string, Row>; targetProperty: string }[] = []
  for (const name of segments.slice(0, -1)) {
    const navigation = owner.navigations.get(name)
    if (!navigation) throw unknownProperty(name, owner.name)
    steps.push({
      property: navigation.attribute.property,
      target: navigation.to.name,
      rows: store.table(navigation.to.name),
      targetProperty: targetField(navigation.attribute),
    })
    owner = navigation.to
  }
  const name = segments.at(-1) ?? ''
  const attribute = owner.properties.get(name)
  if (!attribute) throw unknownProperty(name, owner.name)
  const own = reader(attribute)
  if (steps.length === 0) return { attribute, isOwn: true, read: own }
  return {
    attribute,
    isOwn: false,
    read(row) {
      let current: Row | undefined = row
      for (const { property, target, rows, targetProperty } of steps) {
        const id: unknown = current[property]
        current = typeof id === 'string' && current[targetProperty] === target ? rows.get(id) : undefined
        if (!current) return null
      }
      return own(current)
    },
  }
}

function reader({ property, edm }: Attribute): (row: Row) => Comparable {
  if (edm !== 'Edm.String') return (row) => (row[property] as Comparable | undefined) ?? null
  return (row) => {
    const value = row[property]
    return typeof value === 'string' ? value.toLowerCase() : null
  }
}

const numbers = new Set<EdmType>(['Edm.Int32', 'Edm.Int64', 'Edm.Decimal', 'Edm.Double'])

/** Whether two columns may be compared with each other. */
export const areComparable = (a: EdmType, b: EdmType) => a === b || (numbers.has(a) && numbers.has(b))

export const incompatible = (left: string, right: string, operator: string) =>
  badQuery(
    `A binary operator with incompatible types was detected. Found operand types '${left}' and '${right}' for operator kind '${operator}'.`,
  )

const operatorKinds: Record<Comparison, string> = {
  eq: 'Equal',
  ne: 'NotEqual',
  gt: 'GreaterThan',
  ge: 'GreaterThanOrEqual',
  lt: 'LessThan',
  le: 'LessThanOrEqual',
}

/** The literal as it compares with a column of this type; throws the server's refusal where it cannot. */
export function comparableTo(edm: EdmType, literal: Literal, operator: Comparison): Comparable {
  if (literal.type === 'null') return null
  const value = convert(edm, literal)
  if (value === undefined) throw incompatible(edm, literalType(literal), operatorKinds[operator])
  return value
}

function convert(edm: EdmType, literal: Exclude<Literal, { type: 'null' }>): Comparable | undefined {
  switch (literal.type) {
    case 'string':
      return edm === 'Edm.String' ? literal.value.toLowerCase() : undefined
    case 'number':
      return numbers.has(edm) ? literal.value : undefined
    case 'boolean':
      return edm === 'Edm.Boolean' ? literal.value : undefined
    case 'guid':
      return edm === 'Edm.Guid' ? literal.value : undefined
    case 'date':
      if (edm === 'Edm.Date') return literal.value
      return edm === 'Edm.DateTimeOffset' ? toDateTime(literal.value) : undefined
    case 'dateTime':
      return edm === 'Edm.DateTimeOffset' ? toDateTime(literal.value) : undefined
    case 'enum':
      return undefined
  }
}

function literalType(literal: Exclude<Literal, { type: 'null' }>): string {
  switch (literal.type) {
    case 'string':
      return 'Edm.String'
    case 'boolean':
      return 'Edm.Boolean'
    case 'guid':
      return 'Edm.Guid'
    case 'date':
      return 'Edm.Date'
    case 'dateTime':
      return 'Edm.DateTimeOffset'
    case 'enum':
      return literal.enumType
    case 'number':
      if (/[.eE]/.test(literal.text)) return 'Edm.Decimal'
      return Math.abs(literal.value) > 2_147_483_647 ? 'Edm.Int64' : 'Edm.Int32'
  }
}
