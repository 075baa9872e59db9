import { badQuery } from '../errors.ts'
import {
  type Comparison,
  comparisons,
  type Expression,
  type Literal,
  type Operand,
  type Path,
  type TextFunction,
  textFunctions,
} from './ast.ts'
import { type Token, type TokenKind, tokenize } from './lexer.ts'

const vendorPrefix = 'Microsoft.Dynamics.CRM.'

/** Deeper nesting is refused, as the server does, so that no text can exhaust the stack. */
const depthLimit = 200

/**
 * Reads a `$filter` (crm-apis.md 1.5) by recursive descent: `or` binds weakest, then `and`, `not`, comparisons.
 * Text outside the grammar throws the server's own refusal. `aliases` gives the texts of `@p1`-style parameters.
 */
export function parseFilter(text: string, aliases: (name: string) => string | null = () => null): Expression {
  const tokens = tokenize(text)
  let next = 0
  let depth = 0

  const expression = readOr()
  if (peek().kind !== 'end') fail()
  return expression

  function peek(ahead = 0): Token {
    return tokens[Math.min(next + ahead, tokens.length - 1)] as Token
  }

  function take(): Token {
    const token = peek()
    next += 1
    return token
  }

  function expect(kind: TokenKind): Token {
    if (peek().kind !== kind) fail()
    return take()
  }

  function fail(): never {
    throw badQuery(`Syntax error at position ${peek().position} in '${text}'.`)
  }

  function isWord(word: string): boolean {
    return peek().kind === 'word' && peek().text === word
  }

  function readOr(): Expression {
    depth += 1
    if (depth > depthLimit) throw badQuery('Recursion depth exceeded allowed limit.')
    const operands = [readAnd()]
    while (isWord('or')) {
      take()
      operands.push(readAnd())
    }
    depth -= 1
    return operands.length === 1 ? (operands[0] as Expression) : { kind: 'or', operands }
  }

  function readAnd(): Expression {
    const operands = [readUnary()]
    while (isWord('and')) {
      take()
      operands.push(readUnary())
    }
    return operands.length === 1 ? (operands[0] as Expression) : { kind: 'and', operands }
  }

  function readUnary(): Expression {
    let negations = 0
    while (isWord('not')) {
      take()
      negations += 1
    }
    let expression = readPrimary()
    for (; negations > 0; negations -= 1) expression = { kind: 'not', operand: expression }
    return expression
  }

  function readPrimary(): Expression {
    if (peek().kind === '(') {
      take()
      const inner = readOr()
      expect(')')
      return readTruthComparison(inner)
    }
    if (peek().kind === 'word' && peek(1).kind === '(') return readTruthComparison(readCall())
    const left = readOperand()
    const operator = readComparison()
    if (operator) return { kind: 'compare', operator, left, right: readOperand() }
    if (left.kind === 'path' && endsInLambda(left)) return readLambda(left)
    if (left.kind === 'path') return { kind: 'truth', path: left }
    throw badQuery('The $filter expression must evaluate to a single boolean value.')
  }

  /** `contains(…) eq true` and `(…) ne false` say the same as without. */
  function readTruthComparison(inner: Expression): Expression {
    const operator = readComparison()
    if (!operator) return inner
    const { kind, text: word } = take()
    if (kind !== 'word' || (word !== 'true' && word !== 'false') || (operator !== 'eq' && operator !== 'ne')) {
      throw badQuery('A binary operator with incompatible types was detected.')
    }
    return (word === 'true') === (operator === 'eq') ? inner : { kind: 'not', operand: inner }
  }

  function readComparison(): Comparison | undefined {
    const operator = peek().kind === 'word' ? comparisons.find((name) => name === peek().text) : undefined
    if (operator) take()
    return operator
  }

  function readOperand(): Operand {
    const token = peek()
    if (token.kind === 'word' && !isLiteralWord(token.text)) return readPath()
    return { kind: 'literal', literal: readLiteral() }
  }

  function readPath(): Path {
    const segments = [expect('word').text]
    while (peek().kind === '/') {
      take()
      segments.push(expect('word').text)
    }
    return { kind: 'path', segments }
  }

  function readLiteral(): Literal {
    const token = take()
    switch (token.kind) {
      case 'string':
        return { type: 'string', value: token.text }
      case 'number':
        return { type: 'number', value: Number(token.text), text: token.text }
      case 'guid':
        return { type: 'guid', value: token.text.toLowerCase() }
      case 'date':
        return { type: 'date', value: token.text }
      case 'dateTime':
        return { type: 'dateTime', value: token.text }
      case 'enum':
        return { type: 'enum', enumType: token.type ?? '', value: token.text }
      case 'alias':
        return readAlias(token.text)
      case 'word':
        if (token.text === 'null') return { type: 'null' }
        if (token.text === 'true' || token.text === 'false') return { type: 'boolean', value: token.text === 'true' }
        break
      default:
    }
    next -= 1
    return fail()
  }

  function readAlias(name: string): Literal {
    const value = readAliasValues(name)[0]
    if (!value) throw badQuery(`The parameter alias '${name}' was not found in the request URL.`)
    return value
  }

  function readAliasValues(name: string): readonly Literal[] {
    const value = aliases(name)
    if (value === null) throw badQuery(`The parameter alias '${name}' was not found in the request URL.`)
    return parseValues(value)
  }

  function endsInLambda({ segments }: Path): boolean {
    return peek().kind === '(' && segments.length > 1 && ['any', 'all'].includes(segments.at(-1) ?? '')
  }

  function readLambda(path: Path): Expression {
    const quantifier = path.segments.at(-1) === 'any' ? 'any' : 'all'
    const collection: Path = { kind: 'path', segments: path.segments.slice(0, -1) }
    expect('(')
    if (quantifier === 'any' && peek().kind === ')') {
      take()
      return { kind: 'lambda', quantifier, collection, variable: '', body: null }
    }
    const variable = expect('word').text
    expect(':')
    const body = readOr()
    expect(')')
    return { kind: 'lambda', quantifier, collection, variable, body }
  }

  function readCall(): Expression {
    const name = take().text
    expect('(')
    const textFunction = textFunctions.find((known) => known === name)
    if (textFunction) return readTextFunction(textFunction)
    if (name.startsWith(vendorPrefix)) return readQueryFunction(name.slice(vendorPrefix.length))
    throw badQuery(
      `An unknown function with name '${name}' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed.`,
    )
  }

  function readTextFunction(name: TextFunction): Expression {
    const path = readPath()
    expect(',')
    const value = readLiteral()
    expect(')')
    if (value.type !== 'string') {
      throw badQuery(
        `No function signature for the function with name '${name}' matches the specified arguments. The function signatures considered are: ${name}(Edm.String Nullable=true, Edm.String Nullable=true).`,
      )
    }
    return { kind: 'text', function: name, path, value }
  }

  function readQueryFunction(name: string): Expression {
    let property: string | undefined
    let values: readonly Literal[] = []
    while (peek().kind !== ')') {
      const parameter = expect('word').text
      expect('=')
      const given = readValues()
      if (parameter === 'PropertyName') property = given[0]?.type === 'string' ? given[0].value : undefined
      else if (/^PropertyValue[s12]?$/.test(parameter)) values = [...values, ...given]
      else throw badQuery(`The parameter '${parameter}' is not a parameter of the function '${vendorPrefix}${name}'.`)
      if (peek().kind === ',') take()
      else break
    }
    expect(')')
    if (property === undefined) throw badQuery(`The function '${vendorPrefix}${name}' needs a PropertyName.`)
    return { kind: 'query', function: name, property, values }
  }

  function readValues(): readonly Literal[] {
    if (peek().kind === 'alias') return readAliasValues(take().text)
    if (peek().kind !== '[') return [readLiteral()]
    take()
    const values: Literal[] = []
    while (peek().kind !== ']') {
      values.push(peek().kind === 'json' ? { type: 'string', value: take().text } : readLiteral())
      if (peek().kind === ',') take()
      else break
    }
    expect(']')
    return values
  }

  /** A parameter's own text holds one literal or a list of them, and no further alias. */
  function parseValues(value: string): readonly Literal[] {
    const call = parseFilter(`${vendorPrefix}In(PropertyName='x',PropertyValues=${value})`)
    return call.kind === 'query' ? call.values : []
  }
}

function isLiteralWord(word: string): boolean {
  return word === 'null' || word === 'true' || word === 'false'
}
