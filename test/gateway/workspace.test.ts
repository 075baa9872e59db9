import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from './running-gateway.ts'

let gateway: RunningGateway

beforeAll(async () => {
  gateway = await startGateway({ people: 10 })
})
afterAll(() => gateway.stop())

const workspace = 'workspace { id name timeZone countryCode retentionDays brand chatVariables { name builtIn } }'
const answer = `{ __typename ... on WorkspaceSuccess { ${workspace} } ... on ValidationError { fields { path } } }`

it('an admin changes what is given, and the rest stays', async () => {
  const update = `mutation ($input: UpdateWorkspaceInput!) { it: updateWorkspace(input: $input) ${answer} }`
  const { it: changed } = await gateway.execute(update, {
    input: { timeZone: 'america/new_york', countryCode: 'gb', retentionDays: 90 },
  })
  const kept = { timeZone: 'America/New_York', countryCode: 'GB', retentionDays: 90, brand: 'Alive' }
  expect(changed.workspace).toMatchObject(kept)
  const { it: forGood } = await gateway.execute(update, { input: { retentionDays: null } })
  expect(forGood.workspace).toMatchObject({ ...kept, retentionDays: null })
  expect((await gateway.execute(`{ viewer { ${workspace} } }`)).viewer.workspace).toEqual(forGood.workspace)

  const { it: refused } = await gateway.execute(update, { input: { timeZone: 'Berlin', countryCode: 'XX', name: '' } })
  expect(refused.fields.map(({ path }: { path: string[] }) => path.join('.')).sort()).toEqual([
    'input.countryCode',
    'input.name',
    'input.timeZone',
  ])
})

it('five chat variables are built in; an admin declares further ones and takes them away', async () => {
  const builtIn = ['Location', 'IP Address', 'Computer', 'Referrer URL', 'Page URL'].map((name) => ({
    name,
    builtIn: true,
  }))
  const variables = async (key?: string) => {
    const { viewer } = await gateway.execute(`{ viewer { ${workspace} } }`, {}, key)
    return viewer.workspace.chatVariables
  }
  expect(await variables()).toEqual(builtIn)

  const ask = async (mutation: string, name: string) =>
    (await gateway.execute(`mutation ($name: String!) { it: ${mutation}(name: $name) ${answer} }`, { name })).it
  await ask('declareChatVariable', 'Plan')
  expect(await variables()).toEqual([...builtIn, { name: 'Plan', builtIn: false }])
  expect(await variables(await gateway.otherWorkspace('Another'))).toEqual(builtIn)

  expect(await ask('declareChatVariable', 'Location')).toMatchObject({ fields: [{ path: ['name'] }] })
  expect(await ask('removeChatVariable', 'Location')).toMatchObject({ fields: [{ path: ['name'] }] })
  expect(await ask('removeChatVariable', 'Plan')).toMatchObject({ __typename: 'WorkspaceSuccess' })
  expect(await variables()).toEqual(builtIn)
})
