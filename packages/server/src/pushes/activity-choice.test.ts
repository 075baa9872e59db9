import { expect, test } from 'vitest'
import { type DynamicsOptions, defaultDynamicsOptions } from '../integrations/settings.ts'
import { testIntegration } from '../testing/integration.ts'
import { chooseActivityType } from './activity-choice.ts'

const chosen = (options: Partial<DynamicsOptions>) =>
  chooseActivityType(testIntegration('DYNAMICS', {}, { dynamics: { ...defaultDynamicsOptions, ...options } }))

test.each([
  ['NOTES', null, { type: 'NOTE' }],
  ['NOTES', 'new_chatsession', { type: 'NOTE' }],
  ['TASK', ' tASK ', { type: 'TASK' }],
  ['CUSTOM_ACTIVITY', ' new_chatsession ', { type: 'CUSTOM', entityName: 'new_chatsession' }],
] as const)('%s with the activity type name %j files that', (chatsSaveTo, activityTypeName, activityType) => {
  expect(chosen({ chatsSaveTo, activityTypeName })).toMatchObject({ activityType, fault: null })
})

test.each([
  ['TASK', null],
  ['TASK', 'Tusk'],
  ['CUSTOM_ACTIVITY', ' '],
] as const)(
  '%s with the activity type name %j can file nothing, and the fault names it',
  (chatsSaveTo, activityTypeName) => {
    expect(chosen({ chatsSaveTo, activityTypeName }).fault).toContain('Activity Type Name')
  },
)

test('Salesforce files tasks', () => {
  expect(chooseActivityType(testIntegration('SALESFORCE'))).toMatchObject({
    activityType: { type: 'TASK' },
    fault: null,
  })
})
