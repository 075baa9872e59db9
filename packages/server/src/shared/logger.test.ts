import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OutageError } from './errors.ts'
import { createLogger } from './logger.ts'

function collect() {
  const lines: string[] = []
  return { lines, logger: createLogger('info', { write: (line) => lines.push(line) }) }
}

test('an entry is one JSON line with its level and the time in ISO 8601', () => {
  const { lines, logger } = collect()
  logger.warn({ requestId: 'r1' }, 'two\nlines')
  expect(lines).toHaveLength(1)
  expect(lines[0]?.trimEnd()).not.toContain('\n')
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', requestId: 'r1', msg: 'two\nlines' })
  expect(JSON.parse(lines[0] ?? '').time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
})

test('that something else is away is told as a warning, by whoever tells it as a fault of ours', () => {
  class Away extends OutageError {}
  const levelOf = (err: unknown) => {
    const { lines, logger } = collect()
    logger.error({ err, pushId: 'p1' }, 'What became of a push was not noted')
    return JSON.parse(lines.join(''))
  }
  expect(levelOf(new Away('gone'))).toMatchObject({ level: 'warn', pushId: 'p1', err: { message: 'gone' } })
  expect(levelOf(new Error('wrapped', { cause: new Away('gone') })).level).toBe('warn')
  expect(levelOf(new Error('ours')).level).toBe('error')
})

test('secrets and personal data handed over by mistake are redacted, also two levels down', () => {
  const { lines, logger } = collect()
  logger.info({ password: 'canary', headers: { authorization: 'canary' }, a: { b: { phone: 'canary' } } }, 'careless')
  expect(lines.join('')).not.toContain('canary')
  expect(lines.join('')).toContain('[redacted]')
})

test('whatever is logged stays inside one line of JSON, without a control that a terminal would heed (T30)', () => {
  const pieces = [
    '\n',
    '\r',
    '\r\n',
    '\0',
    '\u001b[2J',
    '\u009b2J',
    '\u007f',
    '\u0085',
    '\u2028',
    '\u2029',
    '"',
    '\\',
    '\ud83d',
    'é',
    'x'.repeat(50),
  ]
  const hostile = fc
    .array(fc.constantFrom(...pieces, '{"level":"info","msg":"forged"}'), { maxLength: 8 })
    .map((all) => all.join(''))
  fc.assert(
    fc.property(hostile, hostile, (one, other) => {
      const { lines, logger } = collect()
      logger.warn({ [`k${one}`]: other, err: new Error(one), list: [other, { deep: one }] }, other)
      expect(lines).toHaveLength(1)
      const [line = ''] = lines
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
      expect(line.at(-1)).toBe('\n')
      const plain = (text: string) => text.replaceAll(/\p{Surrogate}/gu, '\ufffd')
      expect(plain(JSON.parse(line).msg ?? '')).toBe(plain(other))
      expect(plain(JSON.parse(line).list[1].deep)).toBe(plain(one))
    }),
    { numRuns: 200 },
  )
})
