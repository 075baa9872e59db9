import type { EntityDescriptor, FieldDescriptor } from '@backchannel/providers'
import { describe, expect, it } from 'vitest'
import type { ConversationFacts } from '../conversations/conversation.ts'
import type { AutoChatRule, SettingsSnapshot } from '../integrations/settings.ts'
import { everySelected } from '../records/selection.ts'
import { testIntegration } from '../testing/integration.ts'
import { planMatch } from './match-plan.ts'

const filterable = (name: string) => ({ name, type: 'TEXT', filterable: true }) as FieldDescriptor
const described = (name: string, ...fields: string[]): [string, EntityDescriptor] => [
  name,
  { name, fields: fields.map(filterable) } as EntityDescriptor,
]
const metadata = new Map([described('contact', 'telephone1'), described('account', 'name'), described('lead', 'email')])

const facts = (channel: 'CHAT' | 'SMS', visitor: Partial<ConversationFacts['visitor']>): ConversationFacts => ({
  id: null,
  channel,
  status: 'ACTIVE',
  startedAt: new Date(0),
  visitor: {
    externalId: null,
    firstName: null,
    lastName: null,
    fullName: null,
    phone: null,
    email: null,
    accountId: null,
    ...visitor,
  },
  variables: [],
})

const plan = (settings: Partial<SettingsSnapshot>, of: ConversationFacts) =>
  planMatch({
    integration: testIntegration('DYNAMICS', {}, settings),
    facts: of,
    metadata,
    region: 'US',
    selected: everySelected,
  })

const byPhone: AutoChatRule = { identifier: 'PHONE', entityTypeId: 'dynamics:contact', field: 'telephone1' }
const byAccount: AutoChatRule = { identifier: 'ACCOUNT_ID', entityTypeId: 'dynamics:account', field: 'name' }
const chatRules = (...rules: AutoChatRule[]) => ({
  autoChatPush: { enabled: true, rules, tagSingleMatchUnasked: false },
})
const known = { phone: '1', email: 'e', accountId: 'A-77' }
const rows = ({ why }: ReturnType<typeof plan>) => why.map(({ rule }) => rule)

describe('chats', () => {
  it('are matched by the rules, in their order, each in its own field only', () => {
    for (const rules of [
      [byPhone, byAccount],
      [byAccount, byPhone],
    ]) {
      const { enabled, request } = plan(chatRules(...rules), facts('CHAT', known))
      expect(enabled).toBe(true)
      expect(request?.by.map(({ identifier }) => identifier)).toEqual(rules.map(({ identifier }) => identifier))
      const fieldsOf = (name: string) => request?.targets.find((it) => it.entityName === name)?.identifierFields
      expect(fieldsOf('contact')).toEqual({ PHONE: [{ name: 'telephone1', type: 'TEXT' }], ACCOUNT_ID: [] })
      expect(fieldsOf('account')).toEqual({ PHONE: [], ACCOUNT_ID: [{ name: 'name', type: 'TEXT' }] })
      expect(request?.targets).toHaveLength(2)
    }
  })

  it('skip what is not known of the visitor, and what the org has lost', () => {
    const planned = plan(chatRules(byPhone, byAccount), facts('CHAT', { accountId: 'A-77' }))
    expect(planned.request?.by).toEqual([{ identifier: 'ACCOUNT_ID', value: 'A-77' }])
    expect(rows(planned)).toEqual(['D-CHT-03'])
    const lost = plan(chatRules({ ...byPhone, field: 'gone' }), facts('CHAT', known))
    expect(lost).toMatchObject({ enabled: true, request: null })
  })

  it('are not matched where the push is off', () => {
    const planned = plan({}, facts('CHAT', known))
    expect(planned).toMatchObject({ enabled: false, request: null })
    expect(rows(planned)).toEqual(['D-CHT-07'])
  })

  it('are not narrowed by the filters of agents (A-33)', () => {
    const searchFields = [{ entityTypeId: 'dynamics:contact', name: 'telephone1', filter: {} }] as never
    const { request } = plan({ ...chatRules(byPhone), searchFields }, facts('CHAT', known))
    expect(request?.targets.map(({ filters }) => filters)).toEqual([undefined])
  })
})

describe('text messages', () => {
  const autoSmsPush = (enabled: boolean) => ({
    enabled,
    entityTypeId: 'dynamics:contact',
    field: 'telephone1',
    identifier: 'PHONE' as const,
  })

  it.each([
    [true, true, true],
    [true, false, false],
    [false, true, false],
    [false, false, false],
  ])('are matched where push (%s) and fetch (%s) are on: %s', (push, fetchCrmData, enabled) => {
    const planned = plan({ autoSmsPush: autoSmsPush(push), fetchCrmData }, facts('SMS', known))
    expect(planned.enabled).toBe(enabled)
    expect(planned.request !== null).toBe(enabled)
    expect(rows(planned)).toEqual(enabled ? [] : ['D-SMS-01'])
  })
})
