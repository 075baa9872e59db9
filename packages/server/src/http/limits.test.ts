import fc from 'fast-check'
import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { usualLimits } from './limit-values.ts'
import { checkLimits } from './limits.ts'

const messages = (source: string) => checkLimits(parse(source), usualLimits).map((error) => error.message)
const repeat = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ')

test('an ordinary operation passes, and so does the introspection query of GraphiQL', async () => {
  const { getIntrospectionQuery } = await import('graphql')
  expect(messages('query A { a { b(c: 1) { ...F } } } fragment F on T { d e }')).toEqual([])
  expect(messages(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, specifiedByUrl: true }))).toEqual(
    [],
  )
})

test.each([
  ['depth', `{ ${'a { '.repeat(16)} b ${'}'.repeat(16)} }`, 'levels'],
  ['fields at the top', `{ ${repeat(31, (i) => `f${i}`)} }`, 'fields at the top'],
  ['aliases', `{ a { ${repeat(61, (i) => `f${i}: b`)} } }`, 'aliases'],
  ['directives', `{ a ${'@skip(if: true) '.repeat(61)} }`, 'directives'],
  ['fields', `{ a { ${repeat(2_001, (i) => `f${i}`)} } }`, 'fields. '],
])('too much %s is refused', (_name, source, words) => {
  expect(messages(source)).toEqual([expect.stringContaining(words)])
})

test('fragments count wherever they are spread, so that doubling them twenty times over is refused at once', () => {
  const doubling = repeat(20, (i) => `fragment F${i} on T { ${i === 19 ? 'x' : `...F${i + 1} y { ...F${i + 1} }`} }`)
  expect(messages(`{ a { ...F0 } } ${doubling}`).join()).toContain(`at most ${usualLimits.fields} fields`)
})

test('a fragment that spreads itself is measured without end neither in time nor in depth', () => {
  expect(messages('{ ...F } fragment F on Query { a { ...F } }')).toEqual([])
})

test('whatever fields and fragments are nested how, a document passes exactly when its expansion is within the limits', () => {
  interface Node {
    children: Node[]
  }
  const tree = fc.letrec<{ node: Node }>((tie) => ({
    node: fc.record({
      children: fc.oneof({ depthSize: 'small' }, fc.constant<Node[]>([]), fc.array(tie('node'), { maxLength: 3 })),
    }),
  })).node
  fc.assert(
    fc.property(tree, fc.integer({ min: 0, max: 12 }), ({ children }, extraDepth) => {
      fc.pre(children.length > 0)
      const fragments: string[] = []
      const print = (node: Node, level: number): string => {
        if (node.children.length === 0) return 'leaf'
        const inner = node.children.map((child) => print(child, level + 1)).join(' ')
        if (level % 2 === 0) return `f { ${inner} }`
        fragments.push(`fragment F${fragments.length} on T { f { ${inner} } }`)
        return `...F${fragments.length - 1}`
      }
      const depthOf = (node: Node): number => 1 + Math.max(0, ...node.children.map(depthOf))
      const body = children.map((child) => print(child, 0)).join(' ')
      const source = `{ ${'d { '.repeat(extraDepth)} ${body} ${'}'.repeat(extraDepth)} } ${fragments.join(' ')}`
      const depth = extraDepth + Math.max(...children.map(depthOf))
      const tooDeep = messages(source).some((message) => message.includes('levels'))
      expect(tooDeep).toBe(depth > usualLimits.depth)
    }),
  )
})
