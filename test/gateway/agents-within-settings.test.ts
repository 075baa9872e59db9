/** An agent cannot reach past the settings: other entity types, values outside a filter, look-ups without a field, forged ids. */
import { describe, expect, it } from 'vitest'
import { encodeRecordId, type RecordKey } from '../../packages/server/src/records/record-id.ts'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { accountForm, exported } from '../rules/support/exporting.ts'
import { fieldOn, makeContact } from '../rules/support/forms.ts'
import { kindIn, look, newWord, put, putAccount, revenueField } from '../rules/support/looking.ts'
import { openRules, type RuleCrm } from '../rules/support/rules.ts'
import { lookupFields } from '../rules/support/typed-fields.ts'
import { startConversation, tag } from './conversing.ts'
import { providers } from './searching.ts'

const { crm: crmOf } = openRules({ people: 10 })

const idOf = ({ org }: RuleCrm, key: Omit<RecordKey, 'integrationId'>) =>
  encodeRecordId({ ...key, integrationId: lookUpId('Integration', org.id) })

const accountId = (crm: RuleCrm, remoteId: string) =>
  idOf(crm, { kind: 'ACCOUNT', entityName: crm.names.account.entity, remoteId })

async function open({ running }: RuleCrm, id: string, bearer: string): Promise<string> {
  const query = 'query ($id: ID!) { record(id: $id) { __typename } node(id: $id) { id } }'
  const { record, node } = await running.execute(query, { id }, bearer)
  expect(node === null).toBe(record.__typename === 'NotFoundError')
  return record.__typename
}

async function tagForm({ running }: RuleCrm, id: string, bearer: string): Promise<string> {
  const query = 'query ($ids: [ID!]!) { tagForm(recordIds: $ids) { __typename } }'
  return (await running.execute(query, { ids: [id] }, bearer)).tagForm.__typename
}

describe.each(providers)('an agent in %s', (provider) => {
  async function opened(settings: (crm: RuleCrm) => object) {
    const crm = crmOf(provider)
    await crm.settings({ ...settings(crm) })
    return { crm, agent: await crm.agent(), service: await crm.running.key('SERVICE') }
  }

  it('does not open, tag or find a record outside of a filter, until it is tagged', async () => {
    const { crm, agent, service } = await opened((it) => ({ detailFields: [revenueField(it, '500')] }))
    const word = newWord()
    const inside = accountId(crm, await putAccount(crm, `${word} inside`, 500))
    const outside = accountId(crm, await putAccount(crm, `${word} outside`, 600))
    expect((await look(crm, { term: word, ...kindIn(crm, 'ACCOUNT') }, agent)).names).toEqual([`${word} inside`])
    expect(await open(crm, inside, agent)).toBe('RecordSuccess')
    expect(await open(crm, outside, agent)).toBe('NotFoundError')
    const conversation = await startConversation(crm.running, 'SMS')
    const refused = await tag(crm.running, conversation, [outside], {}, agent)
    expect(refused.outcomes).toMatchObject([{ tag: null, error: { code: 'NOT_FOUND' } }])

    expect(await open(crm, outside, service)).toBe('RecordSuccess')
    const tagged = await tag(crm.running, conversation, [outside], {}, service)
    expect(tagged.outcomes).toMatchObject([{ error: null }])
    expect(await open(crm, outside, agent)).toBe('RecordSuccess')
    const elsewhere = await crm.agent([(await startConversation(crm.running, 'SMS')).id])
    expect(await open(crm, outside, elsewhere)).toBe('NotFoundError')
  })

  it('does not follow a reference to a record outside of a filter', async () => {
    const { crm, agent, service } = await opened((it) => ({ detailFields: [revenueField(it, '500')] }))
    const { contact, account } = crm.names
    const last = newWord()
    const remoteId = await putAccount(crm, `${last} outside`, 600)
    await put(crm, 'CONTACT', contact.entity, [
      { name: contact.last, type: 'TEXT', value: last },
      {
        name: provider === 'DYNAMICS' ? 'parentcustomerid' : 'AccountId',
        ...{ type: 'LOOKUP', value: '', reference: { entityName: account.entity, remoteId } },
      },
    ])
    const accountOf = async (bearer: string) => {
      const { searchRecords } = await crm.running.execute(
        `query ($input: SearchRecordsInput!) {
          searchRecords(input: $input) {
            ... on SearchRecordsSuccess { hits { record { ... on Contact { account { name } } } } }
          }
        }`,
        { input: { term: last, ...kindIn(crm, 'CONTACT') } },
        bearer,
      )
      return searchRecords.hits[0].record.account
    }
    expect(await accountOf(agent)).toBeNull()
    expect(await accountOf(service)).toEqual({ name: `${last} outside` })
  })

  it('reaches no entity type that is closed to search, and nobody one that is not set up', async () => {
    const crm = crmOf(provider)
    const { entityTypes } = (await crm.document()) as { entityTypes: { name: string }[] }
    const { entity, last } = crm.names.contact
    const closed = entityTypes.map((it) => (it.name === entity ? { ...it, searchable: false } : it))
    const { agent, service } = await opened(() => ({ entityTypes: closed }))
    const remoteId = await put(crm, 'CONTACT', entity, [{ name: last, type: 'TEXT', value: newWord() }])
    const contact = idOf(crm, { kind: 'CONTACT', entityName: entity, remoteId })
    expect([await open(crm, contact, agent), await tagForm(crm, contact, agent)]).toEqual(
      Array(2).fill('NotFoundError'),
    )
    expect([await open(crm, contact, service), await tagForm(crm, contact, service)]).toEqual([
      'RecordSuccess',
      'TagForm',
    ])
    const user = provider === 'DYNAMICS' ? 'systemuser' : 'User'
    const forged = idOf(crm, { kind: 'CUSTOM', entityName: user, remoteId })
    const miscalled = idOf(crm, { kind: 'LEAD', entityName: entity, remoteId })
    for (const id of [forged, miscalled, 'nonsense']) {
      expect(await tagForm(crm, id, service)).toBe('NotFoundError')
      if (id !== 'nonsense') expect(await open(crm, id, service)).toBe('NotFoundError')
    }
  })

  it('looks up only through a field of its own workspace', async () => {
    const { name, related } = lookupFields[provider]
    const { crm, agent } = await opened(() => ({}))
    const lookup = { relatedEntity: related }
    await exported(crm, { name, variableType: 'INPUT', fieldType: 'LOOKUP', label: 'Contact', lookup })
    const fieldId = fieldOn(await accountForm(crm), name).id
    const { first } = await makeContact(crm, newWord())
    const query = `query ($fieldId: ID!, $term: String!) {
      lookupRecords(fieldId: $fieldId, term: $term) {
        __typename
        ... on LookupRecordsSuccess { options { name } }
      }
    }`
    const lookUp = async (bearer: string, id = fieldId, term = first) =>
      (await crm.running.execute(query, { fieldId: id, term }, bearer)).lookupRecords
    expect((await lookUp(agent)).options).toHaveLength(1)
    expect(await lookUp(agent, fieldId, ' ')).toMatchObject({ options: [] })
    expect(await lookUp(await crm.running.otherWorkspace(`Other ${provider}`))).toEqual({
      __typename: 'ValidationError',
    })
    const builtIn = fieldOn(await accountForm(crm), crm.names.account.phone).id
    expect(await lookUp(agent, builtIn)).toEqual({ __typename: 'ValidationError' })
  })
})
