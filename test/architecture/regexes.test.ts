/**
 * No regular expression of the server takes longer than in proportion to the text it is given (T29). Each is run on texts
 * made of its own parts, over and over without an end that fits: that is where one that goes back over its text shows.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { workspaceDirectory } from '../../packages/server/src/shared/package-directory.ts'

interface Found {
  source: string
  flags: string
  file: string
}

function regexesIn(file: string): Found[] {
  const found: Found[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/')
      found.push({ source: node.text.slice(1, end), flags: node.text.slice(end + 1), file })
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(join(workspaceDirectory, file), 'utf8'), ts.ScriptTarget.Latest))
  return found
}

const files = ['server', 'providers']
  .flatMap((name) => {
    const folder = join('packages', name, 'src')
    const inside = readdirSync(join(workspaceDirectory, folder), { recursive: true, encoding: 'utf8' })
    return inside.map((file) => join(folder, file))
  })
  .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|[/\\](testing|generated)[/\\]/.test(file))

/** What stands in an expression as it is, which a text must have to get anywhere in it. */
function partsOf(source: string): string[] {
  const plain = source.replaceAll(/\\[bBwWdDsSpP](?:\{[^}]*\})?|\[[^\]]*\]|\(\?[:=!<]+|[()|*+?^$]|\{\d+,?\d*\}/g, '\0')
  return plain
    .replaceAll(/\\(.)/g, '$1')
    .split('\0')
    .filter((part) => part !== '')
}

const common = [
  'a',
  'é',
  '0',
  ' ',
  '\n',
  '\t',
  '<',
  '-',
  '.',
  '/',
  '"',
  "'",
  '(',
  '[',
  '@',
  ',',
  ';',
  '=',
  '_',
  '%',
  '\\',
  '+',
]

function* attacksOn({ source }: Found): Generator<string> {
  const parts = partsOf(source)
  yield* common
  yield* parts
  if (parts.length > 1) yield parts.join('')
  for (const [index, part] of parts.slice(0, -1).entries()) yield part + parts[index + 1]
  for (const filler of ['a', '0', ' ']) {
    for (const part of parts) {
      yield part + filler
      yield filler + part
    }
  }
}

/** Milliseconds, the best of three. */
function timeOf({ source, flags }: Found, text: string): number {
  let best = Infinity
  for (let run = 0; run < 3 && best > noise; run += 1) {
    const expression = new RegExp(source, flags)
    const startedAt = performance.now()
    if (expression.global) text.replace(expression, '')
    else expression.test(text)
    best = Math.min(best, performance.now() - startedAt)
  }
  return best
}

/** Below it a measurement says nothing: 16 kB of text take a hundredth of it. */
const noise = 8

/** What is twice as long takes twice as long, or four times, or more. */
function growsTooFast(found: Found, piece: string, before: string): boolean {
  const text = (length: number) => `${before + piece.repeat(Math.ceil(length / piece.length))}\u0001`
  const longer = timeOf(found, text(16_000))
  return longer > noise && longer / timeOf(found, text(4_000)) > 7
}

const all = files.flatMap(regexesIn)

test('every regular expression of the server takes time in proportion to its text (T29)', () => {
  expect(all.length).toBeGreaterThan(100)
  const slow = all.flatMap((found) => {
    const parts = partsOf(found.source)
    for (const before of ['', parts[0] ?? '']) {
      for (const piece of attacksOn(found)) {
        if (growsTooFast(found, piece, before))
          return [`${found.file} /${found.source}/ on ${JSON.stringify(before)} and many ${JSON.stringify(piece)}`]
      }
    }
    return []
  })
  expect(slow).toEqual([])
})

test.each(['<b>.*</b>', 'a+b', '<style[^>]*>'])('one that goes back over its text is found: %s', (source) => {
  const found = { source, flags: '', file: '' }
  expect([...attacksOn(found)].some((piece) => growsTooFast(found, piece, ''))).toBe(true)
})
