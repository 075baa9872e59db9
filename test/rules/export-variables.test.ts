import { expect } from 'vitest'
import type { Provider } from '../gateway/searching.ts'
import { account, accountRow, exported, faultsOfField, refuseName, typed } from './support/exporting.ts'
import { create, formOf, held } from './support/forms.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules()

const both = (row: string) => ({ DYNAMICS: `D-EXP-${row}`, SALESFORCE: `S-EXP-${row}` })

interface Chat {
  variables?: { name: string; value: string }[]
  pageUrl?: string
}

async function startChat({ running }: RuleCrm, chat: Chat): Promise<string> {
  const { startConversation } = await running.execute(
    `mutation ($input: StartConversationInput!) {
      startConversation(input: $input) { ... on ConversationSuccess { conversation { id } } ... on Error { message } }
    }`,
    { input: { externalId: crypto.randomUUID(), channel: 'CHAT', visitor: { fullName: 'Dana Fox' }, ...chat } },
  )
  return startConversation.conversation.id
}

const variable = (crm: RuleCrm, name: string, of: string) => ({
  ...{ name, variableType: 'CHAT_VARIABLE', variable: of },
  ...(crm.provider === 'SALESFORCE' && { fieldType: 'TEXT' }),
})

async function declare({ running }: RuleCrm, name: string): Promise<void> {
  const { declareChatVariable } = await running.execute(
    'mutation ($name: String!) { declareChatVariable(name: $name) { __typename } }',
    { name },
  )
  expect(declareChatVariable.__typename).toBe('WorkspaceSuccess')
}

const textFields: Record<Provider, readonly string[]> = {
  DYNAMICS: ['address1_city', 'address1_line1', 'address1_country', 'websiteurl', 'emailaddress3'],
  SALESFORCE: ['Site', 'BillingStreet', 'BillingCountry', 'Website', 'ShippingStreet'],
}

twins(
  both('08'),
  'each of the five variables of the chat header reaches the field that is mapped to it',
  async (crm) => {
    const header = {
      Location: 'Austin, Texas',
      'IP Address': '203.0.113.7',
      Computer: 'Windows 11',
      'Page URL': 'https://shop.example/cart?item=7',
      'Referrer URL': 'ada@search.example',
    }
    const names = Object.keys(header)
    await exported(crm, ...names.map((name, index) => variable(crm, textFields[crm.provider][index] ?? '', name)))
    const variables = Object.entries(header).map(([name, value]) => ({ name, value }))
    const row = await accountRow(crm, [], { conversationId: await startChat(crm, { variables }) })
    expect(names.map((_, index) => row[textFields[crm.provider][index] ?? ''])).toEqual(Object.values(header))
  },
)

twins(both('09'), 'a variable that the workspace declares can be chosen like those of the header', async (crm) => {
  const { name } = typed(crm, 'TEXT')
  const own = `Loyalty level ${crm.provider}`
  expect(await faultsOfField(crm, variable(crm, name, own))).toEqual(['field.variable'])
  await declare(crm, own)
  const { viewer } = await crm.running.execute('{ viewer { workspace { chatVariables { name builtIn } } } }')
  expect(viewer.workspace.chatVariables).toContainEqual({ name: own, builtIn: false })
  expect(await faultsOfField(crm, variable(crm, name, own))).toEqual([])
})

twins(
  { DYNAMICS: 'D-EXP-10' },
  'a field type is asked for of constants and inputs, and not of a variable',
  async (crm) => {
    const { name, value } = typed(crm, 'TEXT')
    expect(await faultsOfField(crm, { ...variable(crm, name, 'Location'), fieldType: 'TEXT' })).toEqual([
      'field.fieldType',
    ])
    expect(await faultsOfField(crm, variable(crm, name, 'Location'))).toEqual([])
    expect(await faultsOfField(crm, { name, variableType: 'CONSTANT', value })).toContain('field.fieldType')
    expect(await faultsOfField(crm, { name, variableType: 'INPUT', label: 'Town' })).toContain('field.fieldType')
  },
)

twins(
  { DYNAMICS: 'D-EXP-12', SALESFORCE: 'S-EXP-11' },
  'a variable is chosen among the known ones, and must be chosen',
  async (crm) => {
    const { name } = typed(crm, 'TEXT')
    const { variable: _, ...unchosen } = variable(crm, name, '')
    expect(await faultsOfField(crm, unchosen)).toEqual(['field.variable'])
    expect(await faultsOfField(crm, variable(crm, name, 'Locations'))).toEqual(['field.variable'])
    expect(await faultsOfField(crm, { ...variable(crm, name, 'Location'), value: 'Location' })).toEqual(['field.value'])
    expect(await faultsOfField(crm, variable(crm, name, 'Location'))).toEqual([])
    if (crm.provider === 'SALESFORCE') {
      const dated = { ...variable(crm, name, 'Location'), fieldType: 'DATE' }
      expect(await faultsOfField(crm, dated)).toEqual(['field.fieldType'])
    }
  },
)

twins(
  { DYNAMICS: 'D-EXP-13', SALESFORCE: 'S-EXP-12' },
  "the name of a variable's field must be the CRM's own",
  async (crm) => refuseName(crm, variable(crm, '', 'Location')),
)

twins(
  { DYNAMICS: 'D-EXP-14', SALESFORCE: 'S-EXP-13' },
  'values come by the call that starts the chat and by the address of the page',
  async (crm) => {
    const [first = '', second = ''] = textFields[crm.provider]
    const own = `Campaign ${crm.provider}`
    await declare(crm, own)
    await exported(crm, variable(crm, first, 'Location'), variable(crm, second, own))
    const conversationId = await startChat(crm, {
      variables: [{ name: 'Location', value: 'Oslo' }],
      pageUrl: `https://shop.example/?${new URLSearchParams({ [own]: 'Spring sale' })}`,
    })
    expect(await accountRow(crm, [], { conversationId })).toMatchObject({ [first]: 'Oslo', [second]: 'Spring sale' })
  },
)

twins(
  { DYNAMICS: 'D-EXP-15', SALESFORCE: 'S-EXP-14' },
  'a variable of another spelling leaves its field unset, and it is said why',
  async (crm) => {
    const { name } = typed(crm, 'TEXT')
    await exported(crm, variable(crm, name, 'Location'))
    const variables = [{ name: 'location', value: 'Oslo' }]
    const made = await account(crm, [], { conversationId: await startChat(crm, { variables }) })
    expect((await held(crm, crm.names.account.entity, made))[name] ?? null).toBeNull()
    expect(made.warnings?.join()).toMatch(/no chat variable Location.* it gave location/)
  },
)

for (const [provider, row, entity] of [
  ['DYNAMICS', 'D-EXP-16', 'account'],
  ['SALESFORCE', 'S-EXP-15', 'lead'],
] as const) {
  twins(
    { [provider]: row },
    `a value of the script is on the new ${entity} that is made of the ended chat`,
    async (crm) => {
      const names = crm.names[entity]
      const name = provider === 'DYNAMICS' ? 'address1_city' : 'Title'
      await crm.settings({ exportFields: [{ entityType: names.entity, ...variable(crm, name, 'Location') }] })
      const conversationId = await startChat(crm, { variables: [{ name: 'Location', value: 'Lisbon' }] })
      await crm.running.execute('mutation ($id: ID!) { endConversation(id: $id) { __typename } }', {
        id: conversationId,
      })
      const { submitLabel, fields } = await formOf(crm, names.entity, { conversationId })
      expect(submitLabel).toBe(entity === 'account' ? 'Save Account' : 'Save Lead')
      const values = fields
        .filter((field) => field.required || field.defaultValue !== null)
        .map((field) => ({ fieldId: field.id, value: field.defaultValue ?? 'Fox' }))
      const made = await create(crm, names.entity, { values, conversationId, allowDuplicate: true })
      expect(await held(crm, names.entity, made)).toMatchObject({ [name]: 'Lisbon' })
      expect(made.tag).not.toBeNull()
    },
  )
}
