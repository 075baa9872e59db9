import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { type Org, orgsOf, type Provider, providers } from './searching.ts'
import { addField, constantOf, textFields, versionOf } from './setting-up.ts'

let gateway: RunningGateway
let orgs: Record<Provider, Org>

beforeAll(async () => {
  gateway = await startGateway({ people: 10 })
  orgs = await orgsOf(gateway)
})
afterAll(() => gateway.stop())

const controlOf = (provider: Provider) => gateway.crm[provider === 'DYNAMICS' ? 'dynamics' : 'salesforce']

interface State {
  status: string
  problems: { code: string; message: string; since: string; settingIds: string[]; section: string | null }[]
  settings: { exportFields: { id: string; name: string; check: string }[] }
}

async function stateOf(provider: Provider): Promise<State> {
  const query = `query ($id: ID!) { integration(id: $id) {
    status
    problems { code message since settingIds section }
    settings { exportFields { id name check } }
  } }`
  return (await gateway.execute(query, { id: orgs[provider].id })).integration
}

async function addText(provider: Provider, name: string): Promise<string> {
  const org = orgs[provider]
  const version = await versionOf(gateway, org)
  return (await addField(gateway, 'ExportField', org.id, version, constantOf(org, name, 'x'))).changedId ?? ''
}

const check = (provider: Provider) =>
  gateway.execute('mutation ($id: ID!) { checkIntegration(id: $id) { __typename } }', { id: orgs[provider].id })

it.each(providers)(
  '%s: a field that the CRM has no more is the one problem, until it is there again',
  async (provider) => {
    const [gone, stays] = textFields[provider]
    const [goneId, staysId] = [await addText(provider, gone), await addText(provider, stays)]
    const { problems: before } = await stateOf(provider)
    const entity = orgs[provider].entityTypes.find(({ kind }) => kind === 'ACCOUNT')?.name ?? ''

    await controlOf(provider).changeMetadata({ entity, field: gone, hide: true })
    await check(provider)
    await vi.waitFor(
      async () => {
        const { problems, settings } = await stateOf(provider)
        expect(problems.slice(before.length)).toEqual([
          {
            code: 'VALIDATION',
            message: expect.stringContaining(gone),
            since: expect.any(String),
            settingIds: [goneId],
            section: 'EXPORT',
          },
        ])
        expect(settings.exportFields).toEqual([
          { id: goneId, name: gone, check: 'BROKEN' },
          { id: staysId, name: stays, check: 'OK' },
        ])
      },
      { timeout: 20_000, interval: 50 },
    )

    await controlOf(provider).reset()
    await check(provider)
    await vi.waitFor(
      async () => {
        const { problems, settings } = await stateOf(provider)
        expect(problems).toEqual(before)
        expect(settings.exportFields.map((field) => field.check)).toEqual(['OK', 'OK'])
      },
      { timeout: 20_000, interval: 50 },
    )
  },
)

it.each(providers)('%s: pickers find entity types and fields by a part of their names', async (provider) => {
  const query = `query ($id: ID!) { integration(id: $id) { metadata {
    entityTypes(search: "opportun", isActivity: false) { name label creatable isActivity }
    entityType(name: "${provider === 'DYNAMICS' ? 'lead' : 'Lead'}") {
      creatable
      recordTypes { name label isPerson isDefault }
      fields(search: "rating", types: [OPTION_SET], writable: true, first: 5) {
        name label type required writable maxLength targets options { value label }
      }
    }
  } } }`
  const { metadata } = (await gateway.execute(query, { id: orgs[provider].id })).integration
  expect(metadata.entityTypes).toEqual([
    expect.objectContaining({ label: 'Opportunity', creatable: true, isActivity: false }),
  ])
  const { creatable, recordTypes, fields } = metadata.entityType
  expect([creatable, recordTypes.length > 0]).toEqual([true, provider === 'SALESFORCE'])
  expect(fields.length).toBeGreaterThan(0)
  for (const field of fields) {
    expect(field).toMatchObject({ type: 'OPTION_SET', writable: true, targets: [] })
    expect(field.options.length).toBeGreaterThan(1)
  }
})
