import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSecretBox } from '../secrets/secret-box.ts'
import { createCursorBox, markOf } from './cursor.ts'

const secrets = createSecretBox(`test:${randomBytes(32).toString('base64')}`)
const cursor = {
  integrationId: 'i',
  entityTypeId: 'e',
  conversationId: null,
  terms: { term: 'umer' },
  fieldValues: [],
  shown: ['a', 'b'].map(markOf),
}

it('opens in its own workspace, within the hour', () => {
  let now = 0
  const box = createCursorBox(secrets, () => now)
  const sealed = box.seal('w', cursor)
  expect(box.open('w', sealed)).toEqual(cursor)
  expect(box.open('other', sealed)).toBeNull()
  expect(sealed).not.toContain('umer')
  now = 3_600_001
  expect(box.open('w', sealed)).toBeNull()
})

it('no other text opens', () => {
  const box = createCursorBox(secrets, () => 0)
  fc.assert(fc.property(fc.string(), (text) => box.open('w', text) === null))
})
