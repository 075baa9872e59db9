/**
 * Hostile values in searches, from the caller's request to the CRM: what comes back is what the plain meaning of the value
 * finds in the CRM's own rows, and the CRM is asked the same question as for a harmless one (T2, T4, T5).
 */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeRecordId } from '../../packages/server/src/records/record-id.ts'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { providers } from '../gateway/searching.ts'
import { look, ofKind, put, siteField, twoAccounts } from '../rules/support/looking.ts'
import { autoSmsPush, begin } from '../rules/support/matching.ts'
import { openRules, type RuleCrm } from '../rules/support/rules.ts'
import { aboutRows, structureOf } from './asked.ts'
import { hostileText, hostileTexts, plain } from './hostile-text.ts'

const { crm } = openRules({ people: 40, worker: true })
const everyPerson = 100

interface Person {
  id: string
  name: string
  email: string
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

/** Everybody and every company that a search looks through, read past the gateway. */
async function everybody({ control, names, provider }: RuleCrm): Promise<Person[]> {
  const { account, contact, lead } = names
  const rows = await Promise.all([account, contact, lead].map(({ entity }) => control.records(entity)))
  return rows.flat().map((row) => {
    const ids = provider === 'DYNAMICS' ? [row['contactid'], row['leadid'], row['accountid']] : [row['Id']]
    const whole = [row['fullname'], row['name'], row['Name']].map(textOf).find((name) => name !== '')
    const parts = [textOf(row['FirstName']), textOf(row['LastName'])].filter((part) => part !== '').join(' ')
    return {
      id: ids.map(textOf).find((id) => id !== '') ?? '',
      name: whole ?? parts,
      email: ['emailaddress1', 'emailaddress2', 'emailaddress3', 'Email', 'PersonEmail']
        .map((name) => textOf(row[name]))
        .join('\n'),
    }
  })
}

/** Who is meant by a value, read as generously as a person could. */
const meant = {
  fullName: ({ name }: Person, value: string) => plain(name) === plain(value),
  email: ({ email }: Person, value: string) => email.split('\n').some((one) => plain(one) === plain(value)),
  term: ({ name, email }: Person, value: string) =>
    plain(name).includes(plain(value)) || plain(email).includes(plain(value)),
}

const lookUpRecords = `query ($id: ID!, $name: String!, $search: String!) { integration(id: $id) { metadata {
  entityType(name: $name) { records(search: $search) { __typename ... on EntityRecords { records { name } } } }
} } }`

const people = new Map<RuleCrm['provider'], Person[]>()
beforeAll(async () => {
  for (const provider of providers) {
    const to = crm(provider)
    // The single pieces are in each other: every third of them is enough.
    for (const [index, text] of hostileTexts.filter((_, at) => at % 3 === 0).entries()) {
      const values = [
        {
          name: to.names.contact.last,
          type: 'TEXT' as const,
          value:
            text
              .replaceAll(/[\s\p{Cc}]+/gu, ' ')
              .slice(0, 50)
              .trim() || 'Blank',
        },
        { name: to.names.contact.email, type: 'EMAIL' as const, value: `h_${index}%'@people.example` },
      ]
      await put(to, 'CONTACT', to.names.contact.entity, values)
    }
    people.set(provider, await everybody(to))
  }
})

describe.each(providers)('%s', (provider) => {
  const search = (input: object) => look(crm(provider), { first: everyPerson, ...input })

  async function harmless(kind: keyof typeof meant) {
    const value = kind === 'email' ? 'nobody@nowhere.example' : 'Nobody'
    return aboutRows((await structureOf(crm(provider), () => search({ [kind]: value }))).asked)
  }

  async function probe(kind: keyof typeof meant, value: string, structure: readonly string[]) {
    const { result, asked: all } = await structureOf(crm(provider), () => search({ [kind]: value }))
    const asked = aboutRows(all)
    expect(result).toMatchObject({ __typename: 'SearchRecordsSuccess', failure: null })
    // What is no value at all is not asked for.
    if (asked.length > 0) expect(asked).toEqual(structure)
    const known = people.get(provider) ?? []
    const found = result.hits.map(({ record }) => record.remoteId)
    expect(found.filter((id) => !known.some((person) => person.id === id && meant[kind](person, value)))).toEqual([])
    return { found, asked }
  }

  it.each(['fullName', 'email', 'term'] as const)(
    'as %s: finds who is meant, and asks what it asks of anybody',
    async (kind) => {
      const structure = await harmless(kind)
      const at = kind === 'email' ? '@people.example' : ''
      await fc.assert(
        fc.asyncProperty(hostileText, async (text) => {
          await probe(kind, (text + at).slice(0, 500), structure)
        }),
        { numRuns: 30 },
      )
    },
  )

  it('everybody who is called like that is found by name', async () => {
    const structure = await harmless('fullName')
    const known = people.get(provider) ?? []
    const missed: string[] = []
    for (const { id, name } of known.filter(({ email }) => email.includes('h_'))) {
      const { found, asked } = await probe('fullName', name, structure)
      if (asked.length > 0 && !found.includes(id)) missed.push(name)
    }
    expect(missed).toEqual([])
  })

  it('as phone: wildcards, blanks and quotes are no number, and find nobody', async () => {
    const phones = ['%', '_', '*', '____________', '+%', '+1 512 555 ____', '[0-9][0-9]', '%5%1%2%', ' ', '\0', '+']
    for (const phone of [...phones, "' or '1' eq '1", "1' OR Phone LIKE '%"]) {
      expect(await search({ phone })).toMatchObject({ failure: null, hits: [] })
    }
  })

  it('as key or entity of a record: it is not there, and no address of the CRM is made of it', async () => {
    const to = crm(provider)
    const integrationId = lookUpId('Integration', to.org.id)
    const read = async (entityName: string, remoteId: string) => {
      const id = encodeRecordId({ kind: 'CONTACT', integrationId, entityName, remoteId })
      const work = () =>
        to.running.execute('query ($id: ID!) { record(id: $id) { __typename ... on Error { code } } }', { id })
      const { result, asked } = await structureOf(to, work)
      expect(result.record).toMatchObject({ code: 'NOT_FOUND' })
      return aboutRows(asked)
    }
    const { entity } = to.names.contact
    const unknown = provider === 'DYNAMICS' ? '00000000-0000-4000-8000-000000000000' : '003000000009999AAA'
    const honest = await read(entity, unknown)
    await fc.assert(
      fc.asyncProperty(
        hostileText.map((text) => text.replaceAll(':', '')),
        async (text) => {
          for (const remoteId of [text, `${unknown}${text}`]) {
            const asked = await read(entity, remoteId || 'x')
            if (asked.length > 0) expect(asked).toEqual(honest)
          }
          expect(await read(`${entity}${text}`, unknown)).toEqual([])
        },
      ),
      { numRuns: 25 },
    )
  })

  it('as what is looked up: finds who is called like that, and asks what it asks of anybody', async () => {
    const to = crm(provider)
    const lookUp = async (search: string) => {
      const variables = { id: to.org.id, name: to.names.contact.entity, search }
      const { integration } = await to.running.execute(lookUpRecords, variables)
      return integration.metadata.entityType.records
    }
    const honest = aboutRows((await structureOf(to, () => lookUp('Nobody'))).asked)
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const { result, asked } = await structureOf(to, () => lookUp(text))
        expect(result.__typename).toBe('EntityRecords')
        if (aboutRows(asked).length > 0) expect(aboutRows(asked)).toEqual(honest)
        const others = result.records.filter(({ name }: Person) => !plain(name).includes(plain(text.trim())))
        expect(others).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  it('as the value of a filter: only what holds it is found', async () => {
    const to = crm(provider)
    const { word } = await twoAccounts(to)
    const accounts = async () => ofKind(await search({ term: word }), 'ACCOUNT')?.hits.length
    expect(await accounts()).toBe(2)
    for (const value of ['%', '_%', '*', "' or '1' eq '1", "x' OR Name LIKE '%", "\\' OR Id != null OR Name = '\\"]) {
      const site = siteField(to)
      await to.settings({ searchFields: [{ ...site, filter: { field: site.name, value } }] })
      expect([value, await accounts()]).toEqual([value, 0])
    }
    await to.settings({})
  })

  // Last: what it begins goes on in the background.
  it('as number of a new SMS: nobody is tagged, and no transcript goes anywhere (T5)', async () => {
    const to = crm(provider)
    await to.settings({ fetchCrmData: true, autoSmsPush: autoSmsPush(to) })
    for (const phone of ['%', '_', '   ', '*', '%5%', '[0-9]', "' or '1' eq '1"]) {
      const { state } = await begin(to, 'SMS', { phone })
      expect(state).toMatchObject({ tags: [], visitor: { firstName: null, lastName: null } })
    }
  })
})
