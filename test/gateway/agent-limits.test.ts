/** An agent, and a token bound to one conversation, reach what the settings let them reach and nothing beyond. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeLookupOption } from '../../packages/server/src/records/lookup-option.ts'
import { decodeAnyId, encodeId, lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { create, type Given } from '../rules/support/forms.ts'
import { look, more } from '../rules/support/looking.ts'
import { openRules } from '../rules/support/rules.ts'
import { type AgentWorld, buildAgentWorld, fieldsOf, recordId, SECRET, someGuid, watch } from './agent-world.ts'
import { tag } from './conversing.ts'
import { ask } from './running-gateway.ts'
import type { Provider } from './searching.ts'

const rules = openRules({ people: 10 })
const otherOf: Record<Provider, Provider> = { DYNAMICS: 'SALESFORCE', SALESFORCE: 'DYNAMICS' }

describe.each(['DYNAMICS', 'SALESFORCE'] as const)('an agent of %s', (provider) => {
  let world: AgentWorld
  beforeAll(async () => {
    world = await buildAgentWorld(rules.crm(provider))
  })
  /** Whatever was tried, the settings are what they were. */
  afterAll(async () => {
    const { crm, foreign, own } = world
    const after =
      'query ($id: ID!) { conversation(id: $id) { status visitor { fullName } tags { id } messages { edges { cursor } } } }'
    const { conversation } = await crm.running.execute(after, { id: foreign.id })
    expect(conversation).toMatchObject({ status: 'ACTIVE', visitor: { fullName: null } })
    expect([conversation.tags.length, conversation.messages.edges.length]).toEqual([2, 1])
    const { conversation: ours } = await crm.running.execute(after, { id: own.id })
    expect(ours).toMatchObject({ tags: [] })
  })

  const as = (query: string, variables: object = {}) =>
    world.crm.running.execute(query, variables as Record<string, unknown>, world.agent)

  // ---------------------------------------------------------------------------------------------- records

  const openings = `query ($id: ID!) {
    record(id: $id) { __typename } node(id: $id) { id }
  }`
  const forms =
    'query ($id: ID!) { tagForm(recordIds: [$id]) { __typename ... on TagForm { sections { fields { name } } } } }'

  const forged: [string, (it: AgentWorld) => string][] = [
    ['a contact, whose search is off, tagged to a colleague', ({ ids }) => ids.person],
    [
      'a record of the other integration under this one',
      ({ crm }) => {
        const { entity } = rules.crm(otherOf[provider]).names.account
        return recordId(crm, { kind: 'ACCOUNT', entityName: entity, remoteId: decoded(world.ids.open).remoteId })
      },
    ],
    [
      'a record of this integration under the other one',
      ({ crm, ids }) => {
        const integrationId = lookUpId('Integration', rules.crm(otherOf[provider]).org.id)
        return recordId(crm, {
          kind: 'ACCOUNT',
          integrationId,
          entityName: crm.names.account.entity,
          remoteId: decoded(ids.open).remoteId,
        })
      },
    ],
    ...[
      'systemuser',
      'User',
      'annotation',
      'task',
      'Task',
      'organization',
      'Organization',
      'new_vehicle',
      'Vehicle__c',
    ].map((entityName): [string, (it: AgentWorld) => string] => [
      `a row of ${entityName}, which is not set up`,
      ({ crm, ids }) => recordId(crm, { kind: 'CUSTOM', entityName, remoteId: decoded(ids.open).remoteId }),
    ]),
    [
      'an account as a lead',
      ({ crm, ids }) =>
        recordId(crm, { kind: 'LEAD', entityName: crm.names.account.entity, remoteId: decoded(ids.open).remoteId }),
    ],
    [
      'an entity type in another spelling',
      ({ crm, ids }) =>
        recordId(crm, {
          kind: 'ACCOUNT',
          entityName: crm.names.account.entity.toUpperCase(),
          remoteId: decoded(ids.open).remoteId,
        }),
    ],
  ]

  test.each(forged)('does not reach %s', async (_, idOf) => {
    const id = idOf(world)
    const { answer, reads, writes } = await watch(world, async () => ({
      ...(await as(openings, { id })),
      ...(await as(forms, { id })),
      tagged: await tag(world.crm.running, world.own, [id], {}, world.agent),
    }))
    expect(answer).toMatchObject({
      record: { __typename: 'NotFoundError' },
      node: null,
      tagForm: { __typename: 'NotFoundError' },
      tagged: { outcomes: [{ tag: null, error: { code: 'NOT_FOUND' } }] },
    })
    expect(writes).toEqual([])
    expect(reads).toEqual([])
  })

  const unreachable: [string, (it: AgentWorld) => string][] = [
    ['an account that the filter leaves out, tagged to a colleague', ({ ids }) => ids.closed],
    [
      'a contact by its key as an account',
      ({ crm, ids }) =>
        recordId(crm, {
          kind: 'ACCOUNT',
          entityName: crm.names.account.entity,
          remoteId: decoded(ids.person).remoteId,
        }),
    ],
    [
      'accounts by a key that is a condition',
      ({ crm }) =>
        recordId(crm, { kind: 'ACCOUNT', entityName: crm.names.account.entity, remoteId: "x' OR Name != '" }),
    ],
  ]

  test.each(unreachable)('does not reach %s', async (_, idOf) => {
    const id = idOf(world)
    const { answer, writes } = await watch(world, async () => ({
      ...(await as(openings, { id })),
      tagged: await tag(world.crm.running, world.own, [id], {}, world.agent),
    }))
    expect(answer).toMatchObject({
      record: { __typename: 'NotFoundError' },
      node: null,
      tagged: { outcomes: [{ tag: null, error: { code: 'NOT_FOUND' } }] },
    })
    expect(writes).toEqual([])
    // The form of tagging is that of the entity type: it does not tell whether there is such a record.
    const never = recordId(world.crm, {
      kind: 'ACCOUNT',
      entityName: world.crm.names.account.entity,
      remoteId: someGuid(),
    })
    expect(await as(forms, { id })).toEqual(await as(forms, { id: never }))
  })

  test('reaches the record within the filter, so that what is refused is refused for its reason', async () => {
    expect(await as(openings, { id: world.ids.open })).toMatchObject({ record: { __typename: 'RecordSuccess' } })
  })

  // ---------------------------------------------------------------------------------------------- searches

  test('finds nothing beyond the filter, nor what may not be searched', async () => {
    const { crm, word, agent, entityTypes } = world
    const { contact } = fieldsOf(crm)
    const entityTypeIds = [entityTypes[contact] ?? '']
    for (const input of [{ term: word }, { fullName: `${word} Closed` }, { term: `${word} Closed` }]) {
      const names = (await look(crm, input, agent)).names
      expect(names.filter((name) => name !== `${word} Open`)).toEqual([])
    }
    const { answer, reads } = await watch(world, async () => [
      await look(crm, { term: word, entityTypeIds }, agent),
      await look(crm, { term: word, kinds: ['CONTACT'] }, agent),
    ])
    expect(answer).toMatchObject([{ __typename: 'NotAllowedError' }, { names: [] }])
    expect(reads.filter((path) => path.toLowerCase().includes('contact'))).toEqual([])
  })

  test('searches by nothing but boxes of the search form', async () => {
    const { crm, agent, settings } = world
    const { account, narrowed, shown, box, lead, ofLead } = fieldsOf(crm)
    const id = (list: string, type: string, name: string, entity = account) =>
      encodeId('FormField', `${type}:${decodeAnyId(settings[`${list} ${entity} ${name}`] ?? '')?.id}`)
    const accounts = { entityTypeIds: [world.entityTypes[account] ?? ''] }
    const inputs: Given[] = [
      { fieldId: id('searchFields', 'SearchField', narrowed), value: 'Closed' },
      { name: narrowed, value: 'Closed' },
      { fieldId: id('detailFields', 'DetailField', shown), value: '2026-02-28' },
      { fieldId: id('detailFields', 'SearchField', shown), value: '2026-02-28' },
      { name: shown, value: '2026-02-28' },
      { fieldId: settings[`searchFields ${account} ${box}`] ?? '', value: '1' },
      { fieldId: id('searchFields', 'SearchField', ofLead, lead), value: 'x' },
      { name: crm.provider === 'DYNAMICS' ? 'createdon' : 'OwnerId', value: 'x' },
    ]
    const { answer, reads } = await watch(world, () =>
      Promise.all(inputs.map((input) => look(crm, { ...accounts, fieldValues: [input] }, agent))),
    )
    expect(answer.map((one) => one.__typename)).toEqual(inputs.map(() => 'ValidationError'))
    expect(reads).toEqual([])
  })

  test('goes on by no cursor that was made up, and finds nothing beyond a filter by one that is older than it', async () => {
    const { crm, agent, cursor, word } = world
    const turned = `${cursor.slice(0, -4)}${cursor.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`
    const { answer, reads } = await watch(world, () =>
      Promise.all(['x', '', turned, encodeId('Cursor', '1')].map((one) => more(crm, one, 5, agent))),
    )
    for (const one of answer) expect(one).toMatchObject({ __typename: 'ValidationError' })
    expect(reads).toEqual([])
    const { hits = [] } = await more(crm, cursor, 5, agent)
    expect(hits.map(({ record }) => record.name).filter((name) => name !== `${word} Open`)).toEqual([])
  })

  // ---------------------------------------------------------------------------------------------- look-ups

  test('looks up nothing without a look-up input of the settings', async () => {
    const { crm, settings, word } = world
    const { account, lookup, fixed, given, box } = fieldsOf(crm)
    const of = (list: string, name: string) => decodeAnyId(settings[`${list} ${account} ${name}`] ?? '')?.id
    const formField = (type: string, id?: string) => encodeId('FormField', `${type}:${id}`)
    const forgedIds = [
      ...['x', '', formField('ExportField', someGuid()), formField('BackendField', someGuid())],
      ...[settings[`exportFields ${account} ${lookup}`] ?? '', world.ids.open],
      ...[formField('ExportField', of('exportFields', fixed)), formField('BackendField', of('backendFields', fixed))],
      ...[formField('ExportField', of('exportFields', given)), formField('SearchField', of('searchFields', box))],
      ...[
        formField('ExportField', of('backendFields', lookup)),
        encodeId('FormField', `Default:${crm.names.account.name}`),
      ],
    ]
    const operation = `query ($fieldId: ID!, $term: String!) {
      lookupRecords(fieldId: $fieldId, term: $term) { __typename ... on LookupRecordsSuccess { options { name } } }
    }`
    const { answer, reads } = await watch(world, () =>
      Promise.all(forgedIds.map((fieldId) => as(operation, { fieldId, term: word }))),
    )
    for (const one of answer) expect(one).toEqual({ lookupRecords: { __typename: 'ValidationError' } })
    expect(reads).toEqual([])

    const right = formField('ExportField', of('exportFields', lookup))
    const { lookupRecords } = await as(operation, { fieldId: right, term: word })
    expect(lookupRecords.options).toEqual([{ name: `inside ${word}` }])
    const stranger = await crm.running.otherWorkspace(`Stranger ${provider}`)
    const refused = await crm.running.execute(operation, { fieldId: right, term: word }, stranger)
    expect(refused).toEqual({ lookupRecords: { __typename: 'ValidationError' } })
  })

  function wrongReferences(): string[] {
    const { crm, lookup, ids } = world
    const { remoteId } = decoded(ids.person)
    const { account, contact, lead } = fieldsOf(crm)
    const of = (entityName: string, key = remoteId) => encodeLookupOption({ entityName, remoteId: key })
    return [
      ...[
        lookup.outside,
        of(account),
        of(lead),
        of('systemuser'),
        of('User'),
        of(contact, someGuid()),
        remoteId,
        ids.person,
      ],
      ...[of(contact.toUpperCase()), of(contact, `${remoteId}' OR Name != '`)],
    ]
  }

  test('gives a look-up nothing but what it offers, in a new record and in a tagged one', async () => {
    const { crm, agent, own, ids, lookup: values } = world
    const { account, lookup } = fieldsOf(crm)
    const name = { name: crm.names.account.name, value: 'Never made' }
    const asAgent = { ...crm, agent: async () => agent }
    for (const value of wrongReferences()) {
      const { answer, writes } = await watch(world, async () => [
        await create(asAgent, account, { values: [name, { name: lookup, value }], allowDuplicate: true }),
        await create(asAgent, account, {
          values: [name],
          backendValues: [{ name: lookup, value }],
          allowDuplicate: true,
        }),
        await tagWith([{ name: lookup, value }], ids.open, own.id),
      ])
      expect([value, ...answer.map((one) => one.__typename)]).toEqual([value, ...answer.map(() => 'ValidationError')])
      expect(writes).toEqual([])
    }
    const made = await create(asAgent, account, {
      values: [name, { name: lookup, value: values.inside }],
      allowDuplicate: true,
    })
    expect(made.__typename).toBe('CreateRecordSuccess')
  })

  // ---------------------------------------------------------------------------------------------- values

  async function tagWith(backendValues: Given[], recordGlobalId: string, conversationId: string) {
    const { tagConversation } = await as(
      `mutation ($id: ID!, $record: ID!, $values: [FieldValueInput!]) {
        tagConversation(conversationId: $id, recordIds: [$record], backendValues: $values) { __typename }
      }`,
      { id: conversationId, record: recordGlobalId, values: backendValues },
    )
    return tagConversation as { __typename: string }
  }

  test('gives no value for what is not on the form, and none in the place of a constant', async () => {
    const { crm, agent, settings, own, ids } = world
    const { account, lead, fixed, shown, box, ofLead, lookup } = fieldsOf(crm)
    const asAgent = { ...crm, agent: async () => agent }
    const formField = (list: string, type: string, name: string, entity = account) =>
      encodeId('FormField', `${type}:${decodeAnyId(settings[`${list} ${entity} ${name}`] ?? '')?.id}`)
    const name = { name: crm.names.account.name, value: 'Never made' }
    const other = crm.provider === 'DYNAMICS' ? '7' : 'Different'
    const unknown: Given[] = [
      { fieldId: formField('exportFields', 'ExportField', ofLead, lead), value: 'x' },
      { fieldId: formField('backendFields', 'BackendField', ofLead, lead), value: 'x' },
      { fieldId: formField('searchFields', 'SearchField', box), value: '1' },
      { fieldId: formField('detailFields', 'DetailField', shown), value: '2026-02-28' },
      { fieldId: formField('exportFields', 'BackendField', lookup), value: world.lookup.inside },
      { fieldId: settings[`exportFields ${account} ${lookup}`] ?? '', value: world.lookup.inside },
      ...[box, crm.provider === 'DYNAMICS' ? 'ownerid' : 'OwnerId', 'Id'].map((one) => ({ name: one, value: '1' })),
    ]
    const constants: Given[] = [
      { fieldId: formField('backendFields', 'BackendField', fixed), value: other },
      { name: fixed, value: other },
    ]
    for (const value of [...unknown, ...constants]) {
      const { answer, writes } = await watch(world, async () => [
        await tagWith([value], ids.open, own.id),
        ...(constants.includes(value)
          ? []
          : [await create(asAgent, account, { values: [name, value], allowDuplicate: true })]),
      ])
      expect([value, ...answer.map((one) => one.__typename)]).toEqual([value, ...answer.map(() => 'ValidationError')])
      expect(writes).toEqual([])
    }
    for (const value of constants) {
      const made = await create(asAgent, account, { values: [name], backendValues: [value], allowDuplicate: true })
      if (made.__typename === 'ValidationError') continue
      const key = crm.provider === 'DYNAMICS' ? 'accountid' : 'Id'
      const [row] = await crm.control.records(account, { [key]: made.record?.remoteId ?? '' })
      expect(String(row?.[fixed])).toBe(SECRET[provider])
    }
  })

  test('makes nothing of an entity type that may not be created, nor for a conversation of a colleague', async () => {
    const { crm, agent, foreign } = world
    const { lead, account, leadNames } = fieldsOf(crm)
    const asAgent = { ...crm, agent: async () => agent }
    const form = `query ($org: ID!, $entity: ID!, $conversation: ID) {
      recordForm(integrationId: $org, entityTypeId: $entity, conversationId: $conversation) { __typename }
    }`
    const { answer, reads, writes } = await watch(world, async () => [
      await create(asAgent, lead, { values: leadNames.map((name) => ({ name, value: 'Never' })) }),
      (await as(form, { org: crm.org.id, entity: world.entityTypes[lead] })).recordForm,
      await create(asAgent, account, {
        values: [{ name: crm.names.account.name, value: 'Never' }],
        conversationId: foreign.id,
      }),
      (await as(form, { org: crm.org.id, entity: world.entityTypes[account], conversation: foreign.id })).recordForm,
      (await as(form, { org: rules.crm(otherOf[provider]).org.id, entity: world.entityTypes[account] })).recordForm,
    ])
    expect(answer.map((one) => one.__typename)).toEqual([
      ...['NotAllowedError', 'NotAllowedError', 'NotFoundError', 'NotFoundError', 'NotFoundError'],
    ])
    expect([...reads, ...writes]).toEqual([])
  })

  // ---------------------------------------------------------------------------------------------- conversations of others

  test('neither sees nor changes a conversation of a colleague', async () => {
    const { crm, own, foreign, ids, agent } = world
    const seen = await as(
      `query ($id: ID!, $externalId: String!, $ids: [ID!]!) {
        conversation(id: $id) { id } byName: conversation(externalId: $externalId) { id }
        conversations { edges { node { id } } } nodes(ids: $ids) { id }
        pushes { edges { cursor } } ofIt: pushes(filter: { conversationId: $id }) { edges { cursor } counts { count } }
        searchRecords(input: { conversationId: $id }) { __typename }
        tagForm(recordIds: ["x"], conversationId: $id) { __typename }
      }`,
      { id: foreign.id, externalId: foreign.mark, ids: [foreign.id, ids.tag, ids.message] },
    )
    expect(seen).toEqual({
      ...{ conversation: null, byName: null, nodes: [null, null, null], pushes: { edges: [] } },
      ...{ conversations: { edges: [{ node: { id: own.id } }] }, ofIt: { edges: [], counts: [] } },
      ...{ searchRecords: { __typename: 'NotFoundError' }, tagForm: { __typename: 'NotFoundError' } },
    })
    const panel = 'query ($id: ID!) { panel(conversationId: $id) { integrations { label searchForm { phone } } } }'
    const { data, errors } = await ask(crm.running.url, agent, panel, { id: foreign.id })
    expect([data, errors?.map(({ extensions }) => extensions.code)]).toEqual([null, ['NOT_FOUND']])

    const { answer, reads, writes } = await watch(world, () =>
      as(
        `mutation ($id: ID!, $externalId: String!, $record: ID!) {
          append: appendMessages(conversationId: $id, messages: [
            { externalId: "x", author: AGENT, text: "from elsewhere", sentAt: "2026-01-31T14:05:00Z" }
          ]) { __typename }
          visitor: updateVisitor(conversationId: $id, visitor: { fullName: "Changed" }) { __typename }
          end: endConversation(id: $id) { __typename }
          tag: tagConversation(conversationId: $id, recordIds: [$record]) { __typename }
          again: startConversation(input: { externalId: $externalId, channel: SMS, visitor: { fullName: "Changed" } }) { __typename }
          anew: startConversation(input: { externalId: "of-an-agent-${provider}", channel: SMS, visitor: {} }) { __typename }
        }`,
        { id: foreign.id, externalId: foreign.mark, record: ids.open },
      ),
    )
    expect(Object.values(answer).map((one) => (one as { __typename: string }).__typename)).toEqual([
      ...['NotFoundError', 'NotFoundError', 'NotFoundError', 'NotFoundError', 'NotAllowedError', 'NotAllowedError'],
    ])
    expect([...reads, ...writes]).toEqual([])
  })

  // ---------------------------------------------------------------------------------------------- settings

  test('reads no setting and changes none', async () => {
    const { crm, agent, settings } = world
    const version = await crm.version()
    for (const id of Object.values(settings)) {
      const { data } = await ask(
        crm.running.url,
        agent,
        'query ($id: ID!) { node(id: $id) { id ...F } } fragment F on ExportField { name value }',
        { id },
      )
      expect([id, data?.node ?? null]).toEqual([id, null])
    }
    const id = crm.org.id
    const refused = [
      ...['settings { version }', 'settingsHistory { edges { cursor } }', 'problems { message }', 'connectedAs'].map(
        (selection) => `query ($id: ID!) { integration(id: $id) { ${selection} } }`,
      ),
      ...['metadata { entityTypes { name } }', 'limits { used }'].map(
        (selection) => `query ($id: ID!) { integration(id: $id) { ${selection} } }`,
      ),
      'query ($id: ID!) { settingsDocument(integrationId: $id) }',
      'query ($id: ID!) { preview(input: { integrationId: $id }) { panel { integrations { label } } } }',
      `mutation ($id: ID!) { importSettings(input: { integrationId: $id, expectedVersion: ${version}, document: {} }) { __typename } }`,
      `mutation ($id: ID!) { reorderEntities(integrationId: $id, expectedVersion: ${version}, ids: []) { __typename } }`,
      'mutation ($id: ID!) { checkIntegration(id: $id) { __typename } }',
      'mutation ($id: ID!) { disconnectIntegration(id: $id) { __typename } }',
      'mutation { issueAgentToken(agentId: "a", agentName: "A") { __typename } }',
    ]
    const { answer, reads } = await watch(world, () =>
      Promise.all(refused.map((operation) => ask(crm.running.url, agent, operation, { id }))),
    )
    for (const [index, { errors }] of answer.entries()) {
      expect([refused[index], errors?.[0]?.extensions.code]).toEqual([refused[index], 'FORBIDDEN'])
    }
    expect(reads).toEqual([])
    expect(await crm.version()).toBe(version)
  })
})

function decoded(globalId: string): { remoteId: string } {
  return { remoteId: decodeAnyId(globalId)?.id.split(':')[2] ?? '' }
}
