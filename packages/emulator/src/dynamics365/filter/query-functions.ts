/** The vendor's own functions, `Microsoft.Dynamics.CRM.*`: values come as texts and count as the column's type. */
import type { Row } from '../../store.ts'
import { badQuery } from '../errors.ts'
import type { Attribute } from '../schema/index.ts'
import { fromTime, guidPattern, toDateTime } from '../values.ts'
import type { Literal } from './ast.ts'
import type { Comparable } from './operands.ts'

/** What a function may look at besides the row. */
export interface Surroundings {
  now: () => number
  userId: string
}

type RowTest = (row: Row) => boolean
type Compile = (values: readonly Comparable[], read: (row: Row) => Comparable, around: Surroundings) => RowTest

const day = 86_400_000
const startOfDay = (time: number) => Math.floor(time / day) * day

/** From `start` on and before `end`, both found when a row is tested. */
const within =
  (read: (row: Row) => Comparable, start: () => number, end: () => number): RowTest =>
  (row) => {
    const value = read(row)
    if (typeof value !== 'string') return false
    const time = Date.parse(value)
    return time >= start() && time < end()
  }

const dateOf = (value: Comparable | undefined) => String(value ?? '').slice(0, 10)

const oneOf: Compile = (values, read) => {
  const wanted = new Set(values)
  return (row) => {
    const value = read(row)
    return value !== null && wanted.has(value)
  }
}

const between: Compile =
  ([low = null, high = null], read) =>
  (row) => {
    const value = read(row)
    return value !== null && low !== null && high !== null && value >= low && value <= high
  }

const containsSome: Compile = (values, read) => (row) => {
  const chosen = String(read(row) ?? '').split(',')
  return values.some((value) => chosen.includes(String(value)))
}

const negate =
  (compile: Compile): Compile =>
  (values, read, around) => {
    const test = compile(values, read, around)
    return (row) => !test(row)
  }

const count = (values: readonly Comparable[]) => Number(values[0] ?? 0)

const functions: Readonly<Record<string, Compile>> = {
  In: oneOf,
  NotIn: negate(oneOf),
  Between: between,
  NotBetween: negate(between),
  ContainValues: containsSome,
  DoesNotContainValues: negate(containsSome),
  EqualUserId:
    (_, read, { userId }) =>
    (row) =>
      read(row) === userId,
  NotEqualUserId:
    (_, read, { userId }) =>
    (row) =>
      read(row) !== userId,
  On:
    ([value], read) =>
    (row) =>
      dateOf(read(row)) === dateOf(value),
  NotOn:
    ([value], read) =>
    (row) =>
      dateOf(read(row)) !== dateOf(value),
  OnOrAfter:
    ([value], read) =>
    (row) =>
      read(row) !== null && dateOf(read(row)) >= dateOf(value),
  OnOrBefore:
    ([value], read) =>
    (row) =>
      read(row) !== null && dateOf(read(row)) <= dateOf(value),
  Today: (_, read, { now }) =>
    within(
      read,
      () => startOfDay(now()),
      () => startOfDay(now()) + day,
    ),
  Yesterday: (_, read, { now }) =>
    within(
      read,
      () => startOfDay(now()) - day,
      () => startOfDay(now()),
    ),
  Tomorrow: (_, read, { now }) =>
    within(
      read,
      () => startOfDay(now()) + day,
      () => startOfDay(now()) + 2 * day,
    ),
  Last7Days: (_, read, { now }) =>
    within(
      read,
      () => startOfDay(now()) - 7 * day,
      () => now(),
    ),
  Next7Days: (_, read, { now }) =>
    within(
      read,
      () => now(),
      () => startOfDay(now()) + 8 * day,
    ),
  LastXDays: (values, read, { now }) =>
    within(
      read,
      () => startOfDay(now()) - count(values) * day,
      () => now(),
    ),
  NextXDays: (values, read, { now }) =>
    within(
      read,
      () => now(),
      () => startOfDay(now()) + (count(values) + 1) * day,
    ),
  LastXHours: (values, read, { now }) =>
    within(
      read,
      () => now() - count(values) * 3_600_000,
      () => now(),
    ),
}

/** Only what holds several choices can be asked which of them it contains. */
const choiceFunctions = new Set(['ContainValues', 'DoesNotContainValues'])

const countFunctions = new Set(['LastXDays', 'NextXDays', 'LastXHours'])

/** The test that the function makes of its values. Throws where the function is unknown or a value is of the wrong type. */
export function compileQueryFunction(
  name: string,
  attribute: Attribute,
  values: readonly Literal[],
  read: (row: Row) => Comparable,
  around: Surroundings,
): RowTest {
  const compile = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (!compile) throw badQuery(`An unknown function with name 'Microsoft.Dynamics.CRM.${name}' was found.`)
  if (choiceFunctions.has(name) && attribute.definition.type !== 'MultiSelectPicklist') {
    throw badQuery(`The function '${name}' cannot be used with '${attribute.name}', which is no multi-select choice.`)
  }
  const converted = values.map((value) =>
    countFunctions.has(name) ? Number(textOf(value)) : convert(attribute, value),
  )
  return compile(converted, read, around)
}

/** The value in the column's own type; also what an index finds `In` values by. */
export function convert(attribute: Attribute, literal: Literal): Comparable {
  const text = textOf(literal)
  switch (attribute.edm) {
    case 'Edm.String':
      return text.toLowerCase()
    case 'Edm.Guid':
      return guidPattern.test(text) ? text.toLowerCase() : refuse(attribute, text)
    case 'Edm.Boolean':
      return /^(true|false|0|1)$/i.test(text) ? /^(true|1)$/i.test(text) : refuse(attribute, text)
    case 'Edm.Date':
    case 'Edm.DateTimeOffset': {
      const time = toDateTime(text) ?? refuse(attribute, text)
      return attribute.edm === 'Edm.Date' ? time.slice(0, 10) : fromTime(Date.parse(time))
    }
    default:
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : refuse(attribute, text)
  }
}

function textOf(literal: Literal): string {
  if (literal.type === 'null') return ''
  return literal.type === 'number' ? literal.text : String(literal.value)
}

function refuse(attribute: Attribute, text: string): never {
  throw badQuery(
    `The value '${text}' of the condition on '${attribute.name}' could not be converted to type '${attribute.edm}'.`,
  )
}
