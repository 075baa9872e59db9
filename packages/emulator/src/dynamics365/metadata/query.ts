/** `$select`, `$filter` and `$expand` over metadata, by its own rules (crm-apis.md 1.8). */
import { badQuery, unknownProperty } from '../errors.ts'
import type { Expression, Literal, Operand, Path } from '../filter/ast.ts'
import { incompatible } from '../filter/operands.ts'
import { parseFilter } from '../filter/parser.ts'
import { type QueryOptions, readExpand } from '../read/options.ts'
import { castMembers } from './describe.ts'
import type { MetadataItem } from './item.ts'

/** How an item is shown. `baseType` is set where the list was not cast: then only common members can be named. */
export interface MetadataQuery {
  options: QueryOptions
  baseType?: string
}

const enumTypes: Readonly<Record<string, string>> = {
  AttributeType: 'Microsoft.Dynamics.CRM.AttributeTypeCode',
  'RequiredLevel/Value': 'Microsoft.Dynamics.CRM.AttributeRequiredLevel',
  OwnershipType: 'Microsoft.Dynamics.CRM.OwnershipTypes',
}

export function filterItems(
  items: readonly MetadataItem[],
  { options, baseType }: MetadataQuery,
): readonly MetadataItem[] {
  if (options.filter === undefined) return items
  const expression = parseFilter(options.filter)
  return items.filter((item) => matches(expression, item, baseType))
}

export function showItem(item: MetadataItem, query: MetadataQuery): Record<string, unknown> {
  const { options, baseType } = query
  const shown: Record<string, unknown> =
    baseType === undefined ? {} : { '@odata.type': `#Microsoft.Dynamics.CRM.${item.type}` }
  const names = options.select?.split(',').map((name) => name.trim()) ?? Object.keys(item.members)
  for (const name of names) {
    shown[name] = memberOf(item, name, options.select === undefined ? undefined : baseType)
  }
  shown['MetadataId'] = item.members['MetadataId']
  for (const { name, options: nested } of options.expand === undefined ? [] : readExpand(options.expand)) {
    const value = baseType === undefined ? item.expand?.(name) : undefined
    if (value === undefined) throw unknownProperty(name, baseType ?? item.type)
    if (Array.isArray(value)) {
      const inner: MetadataQuery =
        name === 'Attributes' ? { options: nested, baseType: 'AttributeMetadata' } : { options: nested }
      shown[name] = filterItems(value, inner).map((each) => showItem(each, inner))
    } else {
      shown[name] = value && showItem(value, { options: nested })
    }
  }
  return shown
}

function memberOf(item: MetadataItem, name: string, baseType: string | undefined): unknown {
  if (!Object.hasOwn(item.members, name) || (baseType !== undefined && castMembers.has(name))) {
    throw unknownProperty(name, baseType ?? item.type)
  }
  return item.members[name]
}

function matches(expression: Expression, item: MetadataItem, baseType: string | undefined): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.operands.every((operand) => matches(operand, item, baseType))
    case 'or':
      return expression.operands.some((operand) => matches(operand, item, baseType))
    case 'not':
      return !matches(expression.operand, item, baseType)
    case 'truth':
      return valueAt(expression.path, item, baseType) === true
    case 'text': {
      const text = valueAt(expression.path, item, baseType)
      const wanted = expression.value.type === 'string' ? expression.value.value : ''
      if (typeof text !== 'string') return false
      if (expression.function === 'contains') return text.includes(wanted)
      return expression.function === 'startswith' ? text.startsWith(wanted) : text.endsWith(wanted)
    }
    case 'compare':
      return compares(expression.operator, expression.left, expression.right, item, baseType)
    default:
      throw badQuery('The filter expression is not supported for metadata.')
  }
}

function compares(
  operator: string,
  left: Operand,
  right: Operand,
  item: MetadataItem,
  baseType: string | undefined,
): boolean {
  if (left.kind !== 'path' || right.kind !== 'literal')
    throw badQuery('The filter expression is not supported for metadata.')
  const value = valueAt(left, item, baseType)
  const wanted = literalValue(right.literal, left.segments.join('/'))
  if (operator === 'eq') return value === wanted
  if (operator === 'ne') return value !== wanted
  if (typeof value !== 'number' || typeof wanted !== 'number') return false
  if (operator === 'gt') return value > wanted
  if (operator === 'ge') return value >= wanted
  return operator === 'lt' ? value < wanted : value <= wanted
}

function valueAt({ segments }: Path, item: MetadataItem, baseType: string | undefined): unknown {
  const [first = '', ...rest] = segments
  let value = memberOf(item, first, baseType)
  for (const segment of rest) value = value && (value as Record<string, unknown>)[segment]
  if (value !== null && typeof value === 'object') {
    throw badQuery(
      `The property '${segments.join('/')}' can not be used in a filter; name a property of it, such as ${segments.join('/')}/Value.`,
    )
  }
  return value
}

/** Enum members compare with values of their own type only, with its namespace. */
function literalValue(literal: Literal, path: string): unknown {
  const enumType = enumTypes[path]
  if (enumType === undefined) return literal.type === 'null' ? null : literal.value
  if (literal.type !== 'enum') throw incompatible(enumType, 'Edm.String', 'Equal')
  if (literal.enumType !== enumType) throw incompatible(enumType, literal.enumType, 'Equal')
  return literal.value
}
