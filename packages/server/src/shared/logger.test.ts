import { expect, test } from 'vitest'
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

test('secrets and personal data handed over by mistake are redacted, also two levels down', () => {
  const { lines, logger } = collect()
  logger.info({ password: 'canary', headers: { authorization: 'canary' }, a: { b: { phone: 'canary' } } }, 'careless')
  expect(lines.join('')).not.toContain('canary')
  expect(lines.join('')).toContain('[redacted]')
})
