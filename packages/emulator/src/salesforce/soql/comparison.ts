import type { LiteralType } from '@jetstreamapp/soql-parser-js'
import type { Row } from '../../store.ts'
import { refused } from '../errors.ts'
import { normaliseId } from '../ids.ts'
import type { FieldDefinition } from '../metadata/definition.ts'
import type { Schema, SObject } from '../metadata/schema.ts'
import { isDate, parseTime, toSalesforceTime } from '../times.ts'
import { type CompileInner, type Filter, pointedError, type QueryContext, type Reader, type Source } from './context.ts'
import { dateRange } from './dates.ts'
import { matchesPattern, readPattern, readString } from './literal.ts'
import { type FieldPath, resolvePath } from './path.ts'
import type { Comparison } from './where.ts'

/** How values of a field compare. */
type Family = 'text' | 'id' | 'number' | 'boolean' | 'date' | 'datetime'

type Scalar = string | number | boolean | null

interface Operand {
  field: FieldDefinition
  family: Family
  /** Where an index can answer: the field is the queried object's own. */
  column: { table: string; name: string } | null
  reader(context: QueryContext): Reader
}

const families: Partial<Record<FieldDefinition['type'], Family>> = {
  id: 'id',
  reference: 'id',
  boolean: 'boolean',
  int: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  date: 'date',
  datetime: 'datetime',
}

/** Compiles one comparison, refusing what Salesforce refuses: long text, operators and literals that do not fit. */
export function compileComparison(
  comparison: Comparison,
  object: SObject,
  schema: Schema,
  source: Source,
  compileInner: CompileInner,
): Filter {
  const operand = toOperand(comparison, object, schema, source)
  const { operator } = comparison
  if ('valueQuery' in comparison) {
    const inner = compileInner(comparison)
    return {
      prepare(context) {
        const values = inner(context)
        const read = operand.reader(context)
        return operator === 'IN' ? (row) => values.has(read(row)) : (row) => !values.has(read(row))
      },
      candidates: () => null,
    }
  }
  const literals = toList(comparison.value)
  const types = toList(comparison.literalType)
  const isListOperator = /IN$|CLUDES$/.test(operator)
  if (isListOperator !== Array.isArray(comparison.value)) {
    throw refused('INVALID_QUERY_FILTER_OPERATOR', 'filter criteria must be bracketed and contain at least one value')
  }
  if (operator === 'INCLUDES' || operator === 'EXCLUDES') return compileMembership(operand, operator, literals)
  if (operator === 'LIKE') return compileLike(operand, literals[0] ?? '', types[0])
  const relative = types[0] === 'DATE_LITERAL' || types[0] === 'DATE_N_LITERAL'
  if (relative) return compileRelativeDate(operand, operator, literals[0] ?? '')
  const values = literals.map((literal, index) => readLiteral(literal, types[index] ?? types[0], operand, source))
  if (isListOperator) return compileIn(operand, values, operator === 'IN')
  return compileOrder(operand, operator, values[0] ?? null)
}

function toOperand(comparison: Comparison, object: SObject, schema: Schema, source: Source): Operand {
  if ('fn' in comparison) return functionOperand(comparison.fn, object, schema, source)
  const path = resolvePath(comparison.field, object, schema, source)
  if (!path.field.filterable) {
    throw pointedError(source, comparison.field, `field '${path.field.name}' can not be filtered in a query call`)
  }
  return {
    field: path.field,
    family: families[path.field.type] ?? 'text',
    column: path.lookups.length === 0 ? { table: object.name, name: path.field.name } : null,
    reader: path.reader,
  }
}

function functionOperand(
  call: Extract<Comparison, { fn: unknown }>['fn'],
  object: SObject,
  schema: Schema,
  source: Source,
): Operand {
  const name = call.functionName?.toUpperCase()
  const [argument] = call.parameters ?? []
  if (typeof argument === 'string' && name === 'TOLABEL') {
    const path = resolvePath(argument, object, schema, source)
    return { field: path.field, family: 'text', column: null, reader: (context) => labelReader(path, context) }
  }
  if (typeof argument === 'string' && name === 'DAY_ONLY') {
    const path = resolvePath(argument, object, schema, source)
    return {
      field: path.field,
      family: 'date',
      column: null,
      reader(context) {
        const read = path.reader(context)
        return (row) => {
          const value = read(row)
          return typeof value === 'string' ? value.slice(0, 10) : null
        }
      },
    }
  }
  throw refused('MALFORMED_QUERY', `unexpected token: '${call.functionName ?? ''}'`)
}

/** Reads the label of a picklist's value. */
export function labelReader(path: FieldPath, context: QueryContext): Reader {
  const read = path.reader(context)
  const labels = new Map(path.field.picklistValues.map((value) => [value.value, value.label]))
  return (row) => {
    const value = read(row)
    return typeof value === 'string' ? (labels.get(value) ?? value) : value
  }
}

function readLiteral(literal: string, type: LiteralType | undefined, operand: Operand, source: Source): Scalar {
  const { field, family } = operand
  if (type === 'NULL') return null
  if (type === 'APEX_BIND_VARIABLE') throw refused('MALFORMED_QUERY', "unexpected token: ':'")
  const isQuoted = type === 'STRING'
  if (family === 'text' || family === 'id') {
    if (!isQuoted) throw wrongType(source, field, 'string', 'should be enclosed in quotes')
    const text = readString(literal)
    if (family === 'text') return text === '' ? null : text.toLowerCase()
    const id = text === '' ? null : normaliseId(text)
    if (id === null && text !== '') throw refused('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${text}`)
    return id
  }
  const misfit = () => wrongType(source, field, vendorType(family, field), 'should not be enclosed in quotes')
  if (isQuoted) throw misfit()
  if (family === 'boolean') {
    if (type !== 'BOOLEAN') throw misfit()
    return literal.toUpperCase() === 'TRUE'
  }
  if (family === 'number') {
    const number = Number(literal.replace(/^[A-Za-z]{3}/, ''))
    if (!/INTEGER|DECIMAL/.test(type ?? '') || Number.isNaN(number)) throw misfit()
    return number
  }
  if (family === 'date') {
    if (type !== 'DATE' || !isDate(literal)) throw misfit()
    return literal
  }
  const ms = type === 'DATETIME' ? parseTime(literal) : null
  if (ms === null) throw misfit()
  return toSalesforceTime(ms)
}

const vendorType = (family: Family, field: FieldDefinition) =>
  family === 'datetime' ? 'dateTime' : family === 'date' ? 'date' : field.type

function wrongType(source: Source, field: FieldDefinition, type: string, quotes: string) {
  return pointedError(
    source,
    field.name,
    `value of filter criterion for field '${field.name}' must be of type ${type} and ${quotes}`,
  )
}

/** The value of a row in the form that literals are read to. Empty text does not occur in rows. */
function normalise(value: unknown, family: Family): Scalar {
  if (value === null || value === undefined) return null
  return family === 'text' && typeof value === 'string' ? value.toLowerCase() : (value as Scalar)
}

function compileIn(operand: Operand, values: Scalar[], positive: boolean): Filter {
  const wanted = new Set(values)
  return {
    prepare(context) {
      const read = operand.reader(context)
      return (row) => wanted.has(normalise(read(row), operand.family)) === positive
    },
    candidates: (context) => (positive ? byIndex(operand, values, context) : null),
  }
}

function compileOrder(operand: Operand, operator: string, wanted: Scalar): Filter {
  const { family } = operand
  if (operator !== '=' && operator !== '!=' && (family === 'boolean' || wanted === null)) {
    throw refused('INVALID_QUERY_FILTER_OPERATOR', `invalid operator on ${operand.field.type} field`)
  }
  const tests: Record<string, (value: Scalar) => boolean> = {
    '=': (value) => value === wanted,
    '!=': (value) => value !== wanted,
    '<': (value) => value !== null && wanted !== null && value < wanted,
    '<=': (value) => value !== null && wanted !== null && value <= wanted,
    '>': (value) => value !== null && wanted !== null && value > wanted,
    '>=': (value) => value !== null && wanted !== null && value >= wanted,
  }
  const test = tests[operator]
  if (!test) throw refused('MALFORMED_QUERY', `unexpected token: '${operator}'`)
  return {
    prepare(context) {
      const read = operand.reader(context)
      return (row) => test(normalise(read(row), family))
    },
    candidates: (context) => (operator === '=' ? byIndex(operand, [wanted], context) : null),
  }
}

function byIndex(operand: Operand, values: readonly Scalar[], context: QueryContext): ReadonlySet<Row> | null {
  const { column, family } = operand
  if (column === null || (family !== 'text' && family !== 'id')) return null
  const rows = new Set<Row>()
  for (const value of values) {
    if (typeof value !== 'string') return null
    for (const row of context.store.matching(column.table, column.name, value)) rows.add(row)
  }
  return rows
}

function compileLike(operand: Operand, literal: string, type: LiteralType | undefined): Filter {
  if (operand.family !== 'text' || operand.field.type === 'multipicklist') {
    const kind = operand.family === 'id' ? 'id' : operand.field.type
    throw refused('INVALID_QUERY_FILTER_OPERATOR', `invalid operator on ${kind} field`)
  }
  if (type !== 'STRING') throw refused('MALFORMED_QUERY', `unexpected token: '${literal}'`)
  const pattern = readPattern(literal)
  return {
    prepare(context) {
      const read = operand.reader(context)
      return (row) => {
        const value = read(row)
        return typeof value === 'string' && matchesPattern(pattern, value.toLowerCase())
      }
    },
    candidates: () => null,
  }
}

/** `INCLUDES ('a;b', 'c')`: a and b, or c. */
function compileMembership(operand: Operand, operator: 'INCLUDES' | 'EXCLUDES', literals: string[]): Filter {
  if (operand.field.type !== 'multipicklist') {
    throw refused('INVALID_QUERY_FILTER_OPERATOR', 'includes or excludes operator only valid on multipicklist field')
  }
  const choices = literals.map((literal) => readString(literal).toLowerCase().split(';'))
  return {
    prepare(context) {
      const read = operand.reader(context)
      return (row) => {
        const value = read(row)
        const held = new Set(typeof value === 'string' ? value.toLowerCase().split(';') : [])
        return choices.some((choice) => choice.every((value) => held.has(value))) === (operator === 'INCLUDES')
      }
    },
    candidates: () => null,
  }
}

function compileRelativeDate(operand: Operand, operator: string, literal: string): Filter {
  const { family } = operand
  if (family !== 'date' && family !== 'datetime') {
    throw refused(
      'INVALID_FIELD',
      `value of filter criterion for field '${operand.field.name}' must be of type ${operand.field.type}`,
    )
  }
  if (!dateRange(literal, 0)) throw refused('MALFORMED_QUERY', `unexpected token: '${literal}'`)
  const inText = (ms: number) => (family === 'date' ? toSalesforceTime(ms).slice(0, 10) : toSalesforceTime(ms))
  return {
    prepare(context) {
      const range = dateRange(literal, context.now) ?? { from: 0, to: 0 }
      const from = inText(range.from)
      const to = inText(range.to)
      const read = operand.reader(context)
      const tests: Record<string, (value: string) => boolean> = {
        '=': (value) => value >= from && value < to,
        '!=': (value) => value < from || value >= to,
        '<': (value) => value < from,
        '<=': (value) => value < to,
        '>': (value) => value >= to,
        '>=': (value) => value >= from,
      }
      const test = tests[operator]
      return (row) => {
        const value = read(row)
        return typeof value === 'string' ? (test?.(value) ?? false) : operator === '!='
      }
    },
    candidates: () => null,
  }
}

function toList<T>(value: T | T[] | undefined): T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}
