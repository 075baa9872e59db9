import { expect, test } from 'vitest'
import { fileName } from './file-name.ts'
import { readDocument } from './read-document.ts'

test('a file is named by its org and the day in the workspace’s zone', () => {
  const late = new Date('2026-03-01T23:30:00Z')
  expect(fileName('Contoso (emulated)', late, 'Europe/Berlin')).toBe('contoso-emulated-settings-2026-03-02.json')
  expect(fileName('Žďár / Sàrl', late, 'America/New_York')).toBe('žďár-sàrl-settings-2026-03-01.json')
  expect(fileName('***', late, 'UTC')).toBe('org-settings-2026-03-01.json')
})

test('nothing is nothing, and what cannot be read says why', () => {
  expect(readDocument('  ', 'DYNAMICS')).toEqual({ kind: 'NOTHING' })
  expect(readDocument('{', 'DYNAMICS')).toMatchObject({ message: expect.stringContaining('no JSON') })
  expect(readDocument('[]', 'DYNAMICS')).toMatchObject({ message: expect.stringContaining('no settings document') })
})

test('a document of the other CRM is told at once', () => {
  expect(readDocument('{"provider":"SALESFORCE"}', 'DYNAMICS')).toMatchObject({
    message: 'These are settings for SALESFORCE; this integration is DYNAMICS.',
  })
  expect(readDocument('{"provider":"DYNAMICS","x":1}', 'DYNAMICS')).toMatchObject({ kind: 'DOCUMENT' })
})
