/** Turns a parsed filter into a test of rows, checked against the model once. */
import type { Row, Store } from '../../store.ts'
import { badQuery, unknownProperty } from '../errors.ts'
import { type Entity, targetField } from '../schema/index.ts'
import type { Comparison, Expression, Operand, Path } from './ast.ts'
import { createLike } from './like.ts'
import { areComparable, type Column, type Comparable, comparableTo, findColumn, incompatible } from './operands.ts'
import { compileQueryFunction, type Surroundings } from './query-functions.ts'

export type Predicate = (row: Row) => boolean

/** What a filter is read against. */
export interface FilterContext extends Surroundings {
  store: Store
}

/**
 * Logic is two-valued: a comparison with an empty column is false but for `ne` and `eq null`, and `not` turns it round.
 */
export function compileFilter(
  expression: Expression,
  entity: Entity,
  context: FilterContext,
  variable?: string,
): Predicate {
  const compile = (part: Expression) => compileFilter(part, entity, context, variable)
  const column = (path: Path) => findColumn(path, entity, context.store, variable)
  switch (expression.kind) {
    case 'and': {
      const tests = expression.operands.map(compile)
      return (row) => tests.every((test) => test(row))
    }
    case 'or': {
      const tests = expression.operands.map(compile)
      return (row) => tests.some((test) => test(row))
    }
    case 'not': {
      const test = compile(expression.operand)
      return (row) => !test(row)
    }
    case 'compare':
      return compileComparison(expression.operator, expression.left, expression.right, column)
    case 'text': {
      const { attribute, read } = column(expression.path)
      if (attribute.edm !== 'Edm.String') {
        const types = `${expression.function}(${attribute.edm}, Edm.String)`
        throw badQuery(
          `No function signature for the function with name '${expression.function}' matches the specified arguments. The function signatures considered are: ${types}.`,
        )
      }
      const like = createLike(expression.function, expression.value.type === 'string' ? expression.value.value : '')
      return (row) => {
        const text = read(row)
        return typeof text === 'string' && like(text)
      }
    }
    case 'query': {
      const path: Path = {
        kind: 'path',
        segments: variable === undefined ? [expression.property] : [variable, expression.property],
      }
      const { attribute, read } = column(withLookupProperty(path, entity))
      return compileQueryFunction(expression.function, attribute, expression.values, read, context)
    }
    case 'lambda':
      return compileLambda(expression, entity, context, variable)
    case 'truth': {
      const { attribute, read } = column(expression.path)
      if (attribute.edm !== 'Edm.Boolean')
        throw badQuery('The $filter expression must evaluate to a single boolean value.')
      return (row) => read(row) === true
    }
  }
}

/** The vendor's functions name lookups by their logical name. */
function withLookupProperty(path: Path, entity: Entity): Path {
  const name = path.segments.at(-1) ?? ''
  const property = entity.attributes.get(name)?.property ?? name
  return { kind: 'path', segments: [...path.segments.slice(0, -1), property] }
}

const mirrored: Record<Comparison, Comparison> = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' }

function compileComparison(
  operator: Comparison,
  left: Operand,
  right: Operand,
  column: (path: Path) => Column,
): Predicate {
  if (left.kind === 'literal') {
    if (right.kind === 'literal') throw badQuery('A comparison needs a property.')
    return compileComparison(mirrored[operator], right, left, column)
  }
  const { attribute, read } = column(left)
  if (right.kind === 'literal') {
    const value = comparableTo(attribute.edm, right.literal, operator)
    return compare(operator, read, () => value)
  }
  const other = column(right)
  if (!areComparable(attribute.edm, other.attribute.edm))
    throw incompatible(attribute.edm, other.attribute.edm, 'Equal')
  return compare(operator, read, other.read)
}

function compare(operator: Comparison, left: (row: Row) => Comparable, right: (row: Row) => Comparable): Predicate {
  switch (operator) {
    case 'eq':
      return (row) => left(row) === right(row)
    case 'ne':
      return (row) => left(row) !== right(row)
    case 'gt':
      return (row) => isOrdered(left(row), right(row), (order) => order > 0)
    case 'ge':
      return (row) => isOrdered(left(row), right(row), (order) => order >= 0)
    case 'lt':
      return (row) => isOrdered(left(row), right(row), (order) => order < 0)
    case 'le':
      return (row) => isOrdered(left(row), right(row), (order) => order <= 0)
  }
}

function isOrdered(a: Comparable, b: Comparable, test: (order: number) => boolean): boolean {
  if (a === null || b === null) return false
  return test(a < b ? -1 : a > b ? 1 : 0)
}

function compileLambda(
  expression: Extract<Expression, { kind: 'lambda' }>,
  entity: Entity,
  context: FilterContext,
  outer: string | undefined,
): Predicate {
  const { collection, quantifier, variable, body } = expression
  const [name = '', ...deeper] = outer === undefined ? collection.segments : collection.segments.slice(1)
  const relationship = entity.collections.get(name)
  if (!relationship || deeper.length > 0) throw unknownProperty(collection.segments.join('/'), entity.name)
  const { attribute, from } = relationship
  const test = body ? compileFilter(body, from, context, variable) : () => true
  const target = targetField(attribute)
  return (row) => {
    const id = String(row[entity.definition.primaryId])
    const related = [...context.store.matching(from.name, attribute.property, id)].filter(
      (candidate) => candidate[target] === entity.name,
    )
    return quantifier === 'any' ? related.some(test) : related.every(test)
  }
}
