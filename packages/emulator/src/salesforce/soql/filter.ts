import type { Row } from '../../store.ts'
import type { Schema, SObject } from '../metadata/schema.ts'
import { compileComparison } from './comparison.ts'
import type { CompileInner, Filter, Source } from './context.ts'
import type { Condition } from './where.ts'

/** Compiles a whole condition. */
export function compileFilter(
  condition: Condition,
  object: SObject,
  schema: Schema,
  source: Source,
  compileInner: CompileInner,
): Filter {
  const compile = (one: Condition) => compileFilter(one, object, schema, source, compileInner)
  switch (condition.kind) {
    case 'comparison':
      return compileComparison(condition.comparison, object, schema, source, compileInner)
    case 'not': {
      const inner = compile(condition.part)
      return {
        prepare(context) {
          const test = inner.prepare(context)
          return (row) => !test(row)
        },
        candidates: () => null,
      }
    }
    case 'and':
      return allOf(condition.parts.map(compile))
    case 'or':
      return anyOf(condition.parts.map(compile))
  }
}

function allOf(filters: Filter[]): Filter {
  return {
    prepare(context) {
      const tests = filters.map((filter) => filter.prepare(context))
      return (row) => tests.every((test) => test(row))
    },
    candidates(context) {
      for (const filter of filters) {
        const found = filter.candidates(context)
        if (found) return found
      }
      return null
    },
  }
}

function anyOf(filters: Filter[]): Filter {
  return {
    prepare(context) {
      const tests = filters.map((filter) => filter.prepare(context))
      return (row) => tests.some((test) => test(row))
    },
    candidates(context) {
      const union = new Set<Row>()
      for (const filter of filters) {
        const found = filter.candidates(context)
        if (!found) return null
        for (const row of found) union.add(row)
      }
      return union
    },
  }
}
