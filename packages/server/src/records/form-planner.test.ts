/** Of which record type the options of a form are. */
import type { DescribeOptions, EntityDescriptor } from '@backchannel/providers'
import { expect, test } from 'vitest'
import type { EntityTypeSnapshot } from '../integrations/service.ts'
import { testIntegration } from '../testing/integration.ts'
import type { AccountKind } from './account-kind.ts'
import { createFormPlanner } from './form-planner.ts'

const integration = testIntegration('SALESFORCE')
const entityType = integration.entityTypes.find(({ kind }) => kind === 'ACCOUNT') as EntityTypeSnapshot

/** The record type that metadata is asked for, besides that of all of them. */
async function asked(accountKind: AccountKind, defaultType: string | null, recordType: string | null = null) {
  const recordTypes = ['Business', 'Partner', 'Person', 'Member'].map((name) => ({
    ...{ name, label: name, isDefault: name === defaultType },
    isPerson: name === 'Person' || name === 'Member',
  }))
  const metadata: EntityDescriptor = {
    ...{ name: 'Account', label: 'Account', kind: 'ACCOUNT', idField: 'Id', primaryField: 'Name' },
    ...{ isActivity: false, creatable: true, fields: [], recordTypes },
  }
  const names: (string | undefined)[] = []
  const formFor = createFormPlanner({
    integrations: {
      describe: async (_workspaceId: string, _id: string, _name: string, options: DescribeOptions = {}) => {
        if (options.recordType !== undefined) names.push(options.recordType)
        return metadata
      },
    },
    workspaceOf: async () => ({ timeZone: 'UTC', countryCode: 'US' }),
    now: Date.now,
  })
  await formFor({ integration, entityType, facts: null, accountKind, recordType }, {})
  return names
}

test.each([
  ['BUSINESS', 'Business', null, ['Business']],
  ['BUSINESS', null, null, []],
  ['PERSON', 'Member', null, ['Member']],
  ['PERSON', 'Business', 'Member', ['Member']],
  // These are what the CRM is told where the default makes the other kind.
  ['PERSON', 'Business', null, ['Person']],
  ['PERSON', null, null, ['Person']],
  ['BUSINESS', 'Person', null, ['Business']],
] as const)('a %s account, where %s is the default and %s is chosen, has the options of %j', async (...given) => {
  const [accountKind, defaultType, chosen, expected] = given
  expect(await asked(accountKind, defaultType, chosen)).toEqual(expected)
})
