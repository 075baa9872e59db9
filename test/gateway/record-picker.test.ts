/** Records that an admin picks for a constant: any of the org by name, and of no other org. */
import { beforeEach, expect, test } from 'vitest'
import { makeContact } from '../rules/support/forms.ts'
import { openRules, type RuleCrm } from '../rules/support/rules.ts'

const { crm, running, twins } = openRules({ people: 10 })

beforeEach(async () => {
  for (const provider of ['DYNAMICS', 'SALESFORCE'] as const) await crm(provider).control.clearFaults()
})

const query = `query ($id: ID!, $name: String!, $search: String!, $first: Int) {
  integration(id: $id) {
    metadata { entityType(name: $name) { records(search: $search, first: $first) {
      __typename
      ... on EntityRecords { records { entityName remoteId name } }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
    } } }
  }
}`

async function records(it: RuleCrm, search: string, more: object = {}) {
  const { integration } = await it.running.execute(query, {
    ...{ id: it.org.id, name: it.names.contact.entity, search },
    ...more,
  })
  return integration.metadata.entityType.records
}

const each = { DYNAMICS: 'DYNAMICS:', SALESFORCE: 'SALESFORCE:' }

twins(each, 'a record is found by part of its name, and as many as were asked for', async (it) => {
  const { id } = await makeContact(it, 'Quillfeather')
  const found = await records(it, ' Quillf ')
  const entityName = it.names.contact.entity
  expect(found.records).toContainEqual({ entityName, remoteId: id, name: expect.stringContaining('Quillfeather') })
  await makeContact(it, 'Quillfeather')
  expect((await records(it, 'Quillf', { first: 1 })).records).toHaveLength(1)
  expect(await records(it, '  ')).toEqual({ __typename: 'EntityRecords', records: [] })
  expect(await records(it, 'no such name anywhere')).toEqual({ __typename: 'EntityRecords', records: [] })
})

twins(each, 'what was typed goes into the question as text, whatever it holds', async (it) => {
  for (const search of [`O'Neil`, `%' OR Name LIKE '%`, `a' or true eq true or 'a' eq '`]) {
    expect(await records(it, search)).toMatchObject({ __typename: 'EntityRecords' })
  }
  expect((await records(it, `x%' OR Name LIKE '%`)).records).toEqual([])
})

twins(each, 'too much at once is a fault at what asked for it', async (it) => {
  expect(await records(it, 'x', { first: 51 })).toMatchObject({ fields: [{ path: ['first'] }] })
  expect(await records(it, 'x'.repeat(501))).toMatchObject({ fields: [{ path: ['search'] }] })
})

twins(each, 'a CRM that fails is a failure with a cause', async (it) => {
  await records(it, 'x')
  await it.control.addFault({ times: 50 }, { status: 503 })
  expect(await records(it, 'y')).toMatchObject({ __typename: 'ProviderError', code: 'CRM_UNAVAILABLE' })
})

test('only an admin may look, and only in orgs of the own workspace', async () => {
  const it = crm('DYNAMICS')
  const variables = { id: it.org.id, name: 'contact', search: 'a' }
  const service = await running().key('SERVICE')
  await expect(running().execute(query, variables, service)).rejects.toThrow()
  const stranger = await running().otherWorkspace('Elsewhere')
  expect(await running().execute(query, variables, stranger)).toEqual({ integration: null })
})
