/** The attributes that many tables share, made by name so that a table's definition reads as a list of its columns. */
import type {
  AttributeDefinition,
  EntityDefinition,
  Option,
  RequiredLevel,
  StateOption,
  StatusOption,
} from './definition.ts'

export const text = (label: string, maxLength: number, required: RequiredLevel = 'None'): AttributeDefinition => ({
  type: 'String',
  label,
  maxLength,
  required,
})

export const phone = (label: string, maxLength = 50): AttributeDefinition => ({
  type: 'String',
  label,
  maxLength,
  format: 'Phone',
})

const email = (label: string): AttributeDefinition => ({
  type: 'String',
  label,
  maxLength: 100,
  format: 'Email',
})

export const memo = (label: string, maxLength: number): AttributeDefinition => ({ type: 'Memo', label, maxLength })

export const money = (label: string): AttributeDefinition => ({
  type: 'Money',
  label,
  precision: 2,
  min: 0,
  max: 922_337_203_685_477,
})

export const twoOptions = (
  label: string,
  falseLabel = 'No',
  trueLabel = 'Yes',
  initially = false,
): AttributeDefinition => ({
  type: 'Boolean',
  label,
  falseLabel,
  trueLabel,
  initially,
})

export const choice = (label: string, options: readonly Option[], initially?: number): AttributeDefinition => ({
  type: 'Picklist',
  label,
  options,
  ...(initially !== undefined && { initially }),
})

export const lookup = (label: string, target: string, relationship?: string): AttributeDefinition => ({
  type: 'Lookup',
  label,
  targets: [target],
  ...(relationship !== undefined && { relationship }),
})

export const customer = (label: string): AttributeDefinition => ({
  type: 'Customer',
  label,
  targets: ['account', 'contact'],
})

/** `[1, 'Accounting']` and so on. */
export const options = (...pairs: [value: number, label: string][]): Option[] =>
  pairs.map(([value, label]) => ({ value, label }))

/** A table's states with the statuses that belong to each, the default one first. */
export function states(
  ...list: [value: number, label: string, statuses: [value: number, label: string][]][]
): Record<'statecode' | 'statuscode', AttributeDefinition> {
  const stateOptions: StateOption[] = list.map(([value, label, statuses]) => ({
    value,
    label,
    invariantName: label,
    defaultStatus: statuses[0]?.[0] ?? -1,
  }))
  const statusOptions: StatusOption[] = list.flatMap(([state, , statuses]) =>
    statuses.map(([value, label]) => ({ value, label, state })),
  )
  return {
    statecode: { type: 'State', label: 'Status', options: stateOptions, required: 'SystemRequired' },
    statuscode: { type: 'Status', label: 'Status Reason', options: statusOptions },
  }
}

/** What customers are asked about, as a custom column of several choices. */
export const interests: AttributeDefinition = {
  type: 'MultiSelectPicklist',
  label: 'Interests',
  options: options([1, 'Sport'], [2, 'Music'], [3, 'Travel'], [9, 'Cooking']),
}

/** States of people and companies; the reasons in the hundred millions are the customer's own. */
export const customerStates = states(
  [
    0,
    'Active',
    [
      [1, 'Active'],
      [100000001, 'On Watch'],
    ],
  ],
  [
    1,
    'Inactive',
    [
      [2, 'Inactive'],
      [100000002, 'Moved Away'],
    ],
  ],
)

export const activeInactive = states([0, 'Active', [[1, 'Active']]], [1, 'Inactive', [[2, 'Inactive']]])

/** What the server keeps on every user-owned table. */
export const owned = {
  createdon: { type: 'DateTime', label: 'Created On', readOnly: true },
  modifiedon: { type: 'DateTime', label: 'Modified On', readOnly: true },
  createdby: { type: 'Lookup', label: 'Created By', targets: ['systemuser'], readOnly: true },
  modifiedby: { type: 'Lookup', label: 'Modified By', targets: ['systemuser'], readOnly: true },
  ownerid: { type: 'Owner', label: 'Owner', targets: ['systemuser'], required: 'SystemRequired' },
  versionnumber: { type: 'BigInt', label: 'Version Number', readOnly: true },
} satisfies Record<string, AttributeDefinition>

export const primaryKey = (label: string): AttributeDefinition => ({
  type: 'Uniqueidentifier',
  label,
  required: 'SystemRequired',
  createOnly: true,
})

/** The column that the server makes of first and last name. */
export const fullName: AttributeDefinition = { type: 'String', label: 'Full Name', maxLength: 160, readOnly: true }

export const address = {
  address1_line1: text('Street 1', 250),
  address1_city: text('City', 80),
  address1_stateorprovince: text('State/Province', 50),
  address1_postalcode: text('ZIP/Postal Code', 20),
  address1_country: text('Country/Region', 80),
  address1_telephone1: phone('Address 1: Phone'),
} satisfies Record<string, AttributeDefinition>

export const emails = {
  emailaddress1: email('Email'),
  emailaddress2: email('Email Address 2'),
  emailaddress3: email('Email Address 3'),
} satisfies Record<string, AttributeDefinition>

export const industries = options(
  [1, 'Accounting'],
  [2, 'Agriculture and Non-petrol Natural Resource Extraction'],
  [3, 'Broadcasting Printing and Publishing'],
  [4, 'Brokers'],
  [5, 'Building Supply Retail'],
  [6, 'Business Services'],
  [7, 'Consulting'],
  [8, 'Consumer Services'],
  [9, 'Design, Direction and Creative Management'],
  [10, 'Distributors, Dispatchers and Processors'],
  [16, 'Financial'],
  [20, 'Insurance'],
  [33, 'Wholesale'],
)

/** A user-owned table without the attributes of its own; it carries notes and activities unless told otherwise. */
export function table(
  basics: Pick<
    EntityDefinition,
    'logicalName' | 'schemaName' | 'entitySetName' | 'objectTypeCode' | 'label' | 'pluralLabel'
  > &
    Partial<EntityDefinition>,
  attributes: Record<string, AttributeDefinition>,
): EntityDefinition {
  const primaryId = basics.primaryId ?? `${basics.logicalName}id`
  return {
    primaryName: 'name',
    isActivity: false,
    hasNotes: true,
    hasActivities: true,
    isCustom: false,
    ...basics,
    primaryId,
    attributes: { [primaryId]: primaryKey(basics.label), ...attributes, ...owned },
  }
}
