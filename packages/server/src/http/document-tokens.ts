import { GraphQLError, Lexer, Source, TokenKind } from 'graphql'
import { limitExceeded } from './limit-hit.ts'
import type { Limits } from './limit-values.ts'

/**
 * Counts the words, signs and brackets of a document before it is parsed: the parser goes down into each bracket, and with
 * few thousand of them it runs out of stack.
 *
 * @returns the limit that it exceeds; null where it exceeds none, or is no document at all, which the parser says better
 */
export function checkTokens(text: string, { tokens, depth, nesting }: Limits): GraphQLError | null {
  const lexer = new Lexer(new Source(text))
  const deepest = depth + nesting
  let count = 0
  let level = 0
  try {
    for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; { kind } = lexer.advance()) {
      count += 1
      if (count > tokens) {
        const message = `A document may have at most ${tokens} words and signs. Ask for less at a time.`
        return limitExceeded({ name: 'tokens', most: tokens, found: count }, message)
      }
      if (kind === TokenKind.BRACE_L || kind === TokenKind.BRACKET_L || kind === TokenKind.PAREN_L) level += 1
      if (kind === TokenKind.BRACE_R || kind === TokenKind.BRACKET_R || kind === TokenKind.PAREN_R) level -= 1
      if (level > deepest) {
        const message = `A document may have at most ${deepest} brackets inside one another.`
        return limitExceeded({ name: 'nesting', most: deepest, found: level }, message)
      }
    }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
  }
  return null
}
