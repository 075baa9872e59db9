import { expect, test } from 'vitest'
import { ownPath } from './own-path.ts'

test.each(['/pushes', '/settings/SW50ZWc6MQ%3D%3D/export-fields', '/pushes?status=FAILED&first=2..3'])(
  '%s is kept',
  (next) => {
    expect(ownPath(next)).toBe(next)
  },
)

test.each([
  undefined,
  '',
  'pushes',
  '//elsewhere.example',
  '/\\elsewhere.example',
  '/x\\y',
  '/../graphql',
  '/ pushes',
  'https://elsewhere.example',
])('%s leads to the integrations', (next) => {
  expect(ownPath(next)).toBe('/integrations')
})
