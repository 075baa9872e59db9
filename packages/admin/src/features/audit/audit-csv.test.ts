import { expect, test } from 'vitest'
import { toCsv } from './audit-csv.ts'

const entry = {
  at: '2026-01-31T12:00:00.000Z',
  actor: 'a@example.com',
  action: 'KEY_CREATED',
  subject: null,
  address: null,
}

test('each entry is a line, below the names of the columns', () => {
  expect(toCsv([entry, { ...entry, subject: 'Chat, "live" (service)', address: '203.0.113.9' }])).toBe(
    [
      '"at","actor","action","subject","address"',
      '"2026-01-31T12:00:00.000Z","a@example.com","KEY_CREATED","",""',
      '"2026-01-31T12:00:00.000Z","a@example.com","KEY_CREATED","Chat, ""live"" (service)","203.0.113.9"',
      '',
    ].join('\r\n'),
  )
})

test.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1'])(
  'a spreadsheet takes %j for no formula (T15)',
  (subject) => {
    const [, line = ''] = toCsv([{ ...entry, subject }]).split(/\r\n(?=")/)
    expect(line).toContain(`"'${subject.replaceAll('"', '""')}"`)
  },
)
