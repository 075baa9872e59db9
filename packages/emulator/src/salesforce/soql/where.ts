import type { ConditionWithValueQuery, WhereClause } from '@jetstreamapp/soql-parser-js'
import { refused } from '../errors.ts'

/** One comparison, as the parser reads it. */
export type Comparison = Exclude<ConditionWithValueQuery, { openParen: number } & { field?: never; fn?: never }>

/** A WHERE clause as a tree. */
export type Condition =
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'not'; part: Condition }
  | { kind: 'comparison'; comparison: Comparison }

type Token = '(' | ')' | 'AND' | 'OR' | 'NOT' | { comparison: Comparison }

/**
 * The parser gives a flat chain with counted parentheses; this is the tree of it. AND and OR side by side without
 * parentheses are refused, as Salesforce refuses them.
 */
export function toCondition(clause: WhereClause): Condition {
  const tokens = flatten(clause)
  let at = 0

  function group(): Condition {
    const parts = [unary()]
    const operator = tokens[at]
    if (operator !== 'AND' && operator !== 'OR') return parts[0] as Condition
    while (tokens[at] === operator) {
      at++
      parts.push(unary())
    }
    const next = tokens[at]
    if (next === 'AND' || next === 'OR') throw refused('MALFORMED_QUERY', `unexpected token: '${next}'`)
    return { kind: operator === 'AND' ? 'and' : 'or', parts }
  }

  function unary(): Condition {
    const token = tokens[at++]
    if (token === 'NOT') return { kind: 'not', part: unary() }
    if (token === '(') {
      const inner = group()
      if (tokens[at++] !== ')') throw refused('MALFORMED_QUERY', "expecting a right parentheses, found '<EOF>'")
      return inner
    }
    if (typeof token !== 'object') throw refused('MALFORMED_QUERY', `unexpected token: '${token ?? '<EOF>'}'`)
    return { kind: 'comparison', comparison: token.comparison }
  }

  const condition = group()
  if (at < tokens.length) throw refused('MALFORMED_QUERY', "unexpected token: ')'")
  return condition
}

function flatten(clause: WhereClause): Token[] {
  const tokens: Token[] = []
  const push = (token: '(' | ')', count = 0) => {
    for (let times = 0; times < count; times++) tokens.push(token)
  }
  for (let node: WhereClause | null = clause; node; node = 'right' in node ? node.right : null) {
    const { left } = node
    push('(', left?.openParen)
    if (left && 'operator' in left) {
      tokens.push({ comparison: left })
      push(')', left.closeParen)
    }
    if ('operator' in node) tokens.push(node.operator)
  }
  return tokens
}
