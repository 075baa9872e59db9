import { describe, expect, test } from 'vitest'
import { differencesOf } from './difference.ts'
import { pathLabel } from './member-labels.ts'

const field = (name: string, members: object = {}) => ({ entityType: 'account', name, label: name, ...members })

describe('what differs', () => {
  test('a switch, a choice and a text are told by their labels', () => {
    expect(
      differencesOf(
        { allowNewCreation: false, chatsSaveTo: 'NOTES', activityTypeName: null },
        { allowNewCreation: true, chatsSaveTo: 'CUSTOM_ACTIVITY', activityTypeName: 'test' },
      ),
    ).toEqual([
      { subject: 'Allow New Creation', kind: 'CHANGED', before: 'Off', after: 'On' },
      { subject: 'Chats Save To', kind: 'CHANGED', before: 'Notes', after: 'Custom activity' },
      { subject: 'Activity Type Name', kind: 'CHANGED', before: null, after: 'test' },
    ])
  })

  test('rows are told by their names: added, removed, changed in one member', () => {
    const before = { exportFields: [field('a'), field('b', { required: true })] }
    const after = { exportFields: [field('b'), field('c')] }
    expect(differencesOf(before, after)).toEqual([
      { subject: 'Export fields: a of account', kind: 'REMOVED', before: 'Label: a', after: null },
      { subject: 'Export fields: b of account, Required', kind: 'CHANGED', before: 'On', after: null },
      { subject: 'Export fields: c of account', kind: 'ADDED', before: null, after: 'Label: c' },
    ])
  })

  test('a new order is one difference', () => {
    expect(
      differencesOf({ searchFields: [field('a'), field('b')] }, { searchFields: [field('b'), field('a')] }),
    ).toEqual([
      {
        subject: 'Search fields: order',
        kind: 'MOVED',
        before: 'a of account, b of account',
        after: 'b of account, a of account',
      },
    ])
  })

  test('members of a group are told one by one', () => {
    const push = { enabled: false, entityType: null, field: null, identifier: 'PHONE' }
    const after = { ...push, enabled: true, field: 'phone' }
    expect(differencesOf({ autoSmsPush: push }, { autoSmsPush: after })).toEqual([
      { subject: 'Allow Auto SMS Push', kind: 'CHANGED', before: 'Off', after: 'On' },
      { subject: 'Allow Auto SMS Push: Field', kind: 'CHANGED', before: null, after: 'phone' },
    ])
  })

  test('what an imported document leaves out stays', () => {
    expect(differencesOf({ fetchCrmData: true, exportFields: [] }, { fetchCrmData: true }, { partial: true })).toEqual(
      [],
    )
    expect(differencesOf({ fetchCrmData: true }, {})).toHaveLength(1)
  })

  test.each([null, 'text', [], { exportFields: 'none' }, { exportFields: [1, null] }])(
    '%j does no harm',
    (document) => {
      expect(() => differencesOf({ exportFields: [field('a')] }, document)).not.toThrow()
    },
  )
})

test('a path into a document is told in words', () => {
  expect(pathLabel(['exportFields', '3', 'maxLength'])).toBe('Export fields, row 4, Max length')
})
