import { describe, expect, it, test } from 'vitest'
import type { Visitor } from '../conversations/conversation.ts'
import type { SettingsSnapshot } from '../integrations/settings.ts'
import { CrmError, NotConnectedError } from '../shared/errors.ts'
import { testIntegration } from '../testing/integration.ts'
import { decideTag, fillNames, givenUp, retryDelay, type TagFact } from './decide.ts'
import { type CrmAnswer, isNewProposal, type StoredHit, type StoredMatch } from './stored-match.ts'

const hit = (remoteId: string): StoredHit => ({
  ...{ integrationId: 'dynamics', entityName: 'contact', remoteId, name: `Contact ${remoteId}`, url: null },
  ...{ matchedBy: 'PHONE', matchedField: 'telephone1', exact: true },
})
const tagOf = (remoteId: string, changes: Partial<TagFact> = {}): TagFact => ({
  ...{ integrationId: 'dynamics', entityName: 'contact', remoteId, automatic: false, removedAt: null },
  ...changes,
})
const removedAt = new Date(0)

const chat = (tagSingleMatchUnasked: boolean): Partial<SettingsSnapshot> => ({
  autoChatPush: { enabled: true, rules: [], tagSingleMatchUnasked },
})
const dynamics = (settings: Partial<SettingsSnapshot> = {}) => testIntegration('DYNAMICS', {}, settings)
const found = (...ids: string[]) => ({ enabled: true, hits: ids.map(hit) })

describe('a text message thread', () => {
  it.each<[string, ReturnType<typeof found>, TagFact[], string | null, RegExp | null]>([
    ['nobody was found', found(), [], null, null],
    ['one was found', found('1'), [], '1', /tagged by itself: Contact 1/],
    ['nobody is looked for', { ...found('1'), enabled: false }, [], null, null],
    ['it is tagged by a person, to that record', found('1'), [tagOf('1')], null, /attached to a record/],
    ['it is tagged by a person, to another record', found('1'), [tagOf('2')], null, /attached to a record/],
    ['it is tagged in the other CRM', found('1'), [tagOf('1', { integrationId: 'salesforce' })], '1', /tagged by/],
    ['a person took a tag off', found('1'), [tagOf('2', { removedAt })], null, /took a record of this CRM off/],
    [
      'a person took off what was tagged by itself',
      found('1'),
      [tagOf('1', { automatic: true, removedAt })],
      null,
      /took a record/,
    ],
    ['it was tagged by itself a moment ago', found('1'), [tagOf('1', { automatic: true })], null, /tagged by itself: /],
    [
      'another was tagged by itself before',
      found('2'),
      [tagOf('1', { automatic: true })],
      null,
      /attached to a record/,
    ],
  ])('where %s', (_, answer, tags, expected, why) => {
    const decided = decideTag(dynamics(), 'SMS', answer, tags)
    expect(decided.tag?.remoteId ?? null).toBe(expected)
    if (why === null) expect(decided.why).toBeNull()
    else expect(decided.why).toMatchObject({ rule: 'D-SMS-02', text: expect.stringMatching(why) })
  })
})

describe('a chat', () => {
  it.each<[string, boolean, string[], TagFact[], string | null, string | null]>([
    ['one, unasked', true, ['1'], [], '1', 'D-CHT-01'],
    ['one, asked', false, ['1'], [], null, 'D-CHT-05'],
    ['several, unasked', true, ['1', '2'], [], null, 'D-CHT-06'],
    ['several, asked', false, ['1', '2'], [], null, 'D-CHT-06'],
    ['none, unasked', true, [], [], null, null],
    ['one, unasked, tagged already', true, ['1'], [tagOf('2')], null, 'D-CHT-01'],
    ['one, unasked, taken off before', true, ['1'], [tagOf('1', { removedAt })], null, 'D-CHT-01'],
  ])('with %s', (_, unasked, ids, tags, expected, rule) => {
    const decided = decideTag(dynamics(chat(unasked)), 'CHAT', found(...ids), tags)
    expect(decided.tag?.remoteId ?? null).toBe(expected)
    expect(decided.why?.rule ?? null).toBe(rule)
  })

  it('is judged by each integration for itself', () => {
    const unasked = decideTag(dynamics(chat(true)), 'CHAT', found('1'), [])
    const asked = decideTag(testIntegration('SALESFORCE', {}, chat(false)), 'CHAT', found('2'), [tagOf('1')])
    expect([unasked.tag?.remoteId, asked.tag]).toEqual(['1', null])
    expect(asked.why?.rule).toBe('S-CHT-05')
  })
})

const nobody: Visitor = {
  ...{ externalId: null, firstName: null, lastName: null, fullName: null },
  ...{ phone: '+1', email: null, accountId: null },
}
type NamesOf = [first: string | null, last: string | null]

describe('names', () => {
  it.each<[string, Partial<Visitor>, NamesOf, NamesOf | null]>([
    ['both are filled in', {}, ['Ada', 'Fox'], ['Ada', 'Fox']],
    ['the one that is missing is', { firstName: 'ada' }, ['Ada', 'Fox'], ['ada', 'Fox']],
    ['what the record lacks stays open', {}, [null, 'Fox'], [null, 'Fox']],
    ['a record without names gives none', {}, [null, null], null],
    ['names of two people are not mixed', { firstName: 'Ben' }, ['Ada', 'Fox'], null],
    ['a full name that was given is enough', { fullName: 'Ben Ito' }, ['Ada', 'Fox'], null],
    ['what was given stays', { firstName: 'Ben', lastName: 'Ito' }, ['Ada', 'Fox'], null],
  ])('%s', (_, given, [firstName, lastName], expected) => {
    const visitor = { ...nobody, ...given }
    const filled = fillNames(visitor, { firstName, lastName })
    expect(filled && [filled.firstName, filled.lastName]).toEqual(expected)
    if (filled)
      expect({ ...filled, firstName: null, lastName: null }).toEqual({ ...visitor, firstName: null, lastName: null })
  })
})

const failure = (code: ConstructorParameters<typeof CrmError>[1]['code'], retryAfter?: number) =>
  new CrmError('DYNAMICS', { code, message: 'No.', retryAfter })

describe('asking again', () => {
  it.each([
    ['CRM_UNREACHABLE', 2_000],
    ['CRM_TIMEOUT', 2_000],
    ['CRM_UNAVAILABLE', 2_000],
    ['CRM_RATE_LIMITED', 2_000],
    ['CRM_FORBIDDEN', null],
    ['CRM_REJECTED', null],
    ['CRM_QUOTA_EXHAUSTED', null],
    ['CRM_UNAUTHENTICATED', null],
  ] as const)('%s after the first failure: %s ms', (code, delay) => {
    expect(retryDelay(failure(code), 1)).toBe(delay)
  })

  it('waits as long as the CRM asks for, but not for long', () => {
    expect(retryDelay(failure('CRM_RATE_LIMITED', 40), 1)).toBe(40_000)
    expect(retryDelay(failure('CRM_RATE_LIMITED', 1), 3)).toBe(15_000)
    expect(retryDelay(failure('CRM_RATE_LIMITED', 600), 1)).toBeNull()
  })

  it('ends after some minutes', () => {
    const delays = Array.from({ length: 8 }, (_, index) => retryDelay(failure('CRM_TIMEOUT'), index + 1))
    expect(delays.at(-1)).toBeNull()
    const total = delays.reduce<number>((sum, delay) => sum + (delay ?? 0), 0)
    expect(total).toBeGreaterThan(3 * 60_000)
    expect(total).toBeLessThan(5 * 60_000)
  })

  it('is not for what is not connected', () => {
    expect(retryDelay(new NotConnectedError(['DYNAMICS'], 'No.'), 1)).toBeNull()
  })

  it('that has ended says so', () => {
    const why = [{ rule: 'D-CHT-01', text: 'could not be asked', settingId: null }]
    const answer: CrmAnswer = { ...answerOf(), failure: 'No.', why }
    expect(givenUp(answer, 8).why.at(-1)).toMatchObject({ rule: 'D-CHT-01', text: expect.stringContaining('8 times') })
    expect(givenUp(answer, 1)).toBe(answer)
    expect(givenUp({ ...answer, failure: null }, 8).why).toEqual(why)
  })
})

const answerOf = (...ids: string[]): CrmAnswer => ({
  ...{ integrationId: 'dynamics', settingsVersion: 1, enabled: true },
  ...{ hits: ids.map(hit), why: [], failure: null },
})
const match = (...answers: CrmAnswer[]): StoredMatch => ({
  profile: { phone: null, email: null, accountId: null },
  answers,
})

test.each<[string, StoredMatch | null, StoredMatch, boolean]>([
  ['nobody', null, match(answerOf()), false],
  ['one', null, match(answerOf('1')), true],
  ['several', null, match(answerOf('1', '2')), true],
  ['the same one', match(answerOf('1')), match(answerOf('1')), false],
  ['the same in another order', match(answerOf('2', '1')), match(answerOf('1', '2')), false],
  ['another', match(answerOf('1')), match(answerOf('2')), true],
  ['one of two', match(answerOf('1', '2')), match(answerOf('1')), true],
  ['nobody any more', match(answerOf('1')), match(answerOf()), false],
])('whether %s is news', (_, before, after, expected) => {
  expect(isNewProposal(before, after)).toBe(expected)
})
