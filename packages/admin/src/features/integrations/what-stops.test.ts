import { expect, test } from 'vitest'
import { whatStops } from './what-stops.ts'

const entityType = (displayName: string, searchable: boolean, creatable: boolean) => ({
  id: displayName,
  displayName,
  searchable,
  creatable,
})

const quiet = {
  id: 'i',
  entityTypes: [],
  settings: {
    __typename: 'DynamicsSettings' as const,
    id: 's',
    fetchCrmData: false,
    autoSmsPush: { enabled: false },
    autoChatPush: { enabled: false },
  },
}

test('only what an org does now can stop', () => {
  expect(whatStops(quiet, [])).toEqual([
    'No conversation can be tagged to its records.',
    'What is pushed later waits. Nothing is on the way to it now.',
  ])
})

test('entity types are named by what agents may do with them, pushes on the way are counted', () => {
  const lines = whatStops(
    {
      ...quiet,
      entityTypes: [
        entityType('Account', true, true),
        entityType('Contact', true, false),
        entityType('Lead', false, false),
      ],
      settings: { ...quiet.settings, autoSmsPush: { enabled: true } },
    },
    [
      { status: 'QUEUED', count: 2 },
      { status: 'RETRYING', count: 1 },
      { status: 'DELIVERED', count: 40 },
    ],
  )
  expect(lines).toEqual([
    'Agents cannot search Account and Contact in it, nor open their records.',
    'Agents cannot create Account in it.',
    'No conversation can be tagged to its records.',
    'Text messages are not tagged by themselves.',
    '3 pushes that are on the way wait, and so does what is pushed later.',
  ])
})
