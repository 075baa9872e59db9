import { expect, test } from 'vitest'
import { createLike } from './like.ts'

test.each([
  ['contains', '555%0143', '(512) 555-0143', true],
  ['contains', '555%0143', '0143 555', false],
  ['contains', '5_5', 'a505b', true],
  ['contains', '5[_]5', 'a505b', false],
  ['contains', '5[_]5', 'a5_5b', true],
  ['contains', '100[%]', '100% sure', true],
  ['contains', '100[%]', '1000 sure', false],
  ['contains', '[[]x]', 'a[x]', true],
  ['contains', '[a-c]9', 'b9', true],
  ['contains', '[a-c]9', 'd9', false],
  ['contains', '[^a-c]9', 'd9', true],
  ['contains', '[^a-c]9', 'b9', false],
  ['contains', '[open', 'an [OPEN one', true],
  ['startswith', 'neil', "O'Neil", false],
  ['startswith', "o'", "O'Neil", true],
  ['startswith', '%neil', "O'Neil", true],
  ['endswith', 'NEIL', "O'Neil", true],
  ['endswith', 'ne_l', "O'Neil", true],
  ['endswith', 'o%il', "O'Neil", true],
  ['endswith', 'il%o', "O'Neil", false],
  ['endswith', 'eil%l', "O'Neil", false],
  ['endswith', 'ana', 'banana', true],
  ['endswith', 'a_a', 'banana', true],
  ['contains', '', '', true],
  ['contains', 'петр', 'Иван Петров', true],
  ['contains', 'a\nb', 'xA\nBx', true],
] as const)('%s(…, %s) of %s is %s', (name, value, text, expected) => {
  expect(createLike(name, value)(text)).toBe(expected)
})

test('many wildcards over a long text cost no more than text times pattern', () => {
  const started = performance.now()
  expect(createLike('contains', `${'a%_'.repeat(200)}b`)('a'.repeat(20_000))).toBe(false)
  expect(performance.now() - started).toBeLessThan(20_000)
})
