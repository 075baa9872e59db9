/** Settings at random, changes of the org's metadata at random, and which of the settings these break. */
import type { ControlClient } from '@backchannel/emulator'
import fc from 'fast-check'
import type { RuleCrm } from '../rules/support/rules.ts'
import { lookupFields, type TypedField, typedFields } from '../rules/support/typed-fields.ts'
import type { Provider } from './searching.ts'

/** HIDE and RENAME: the CRM refuses the old name. TYPE and OPTIONS: it may take what is asked of it all the same. */
export type Change = 'HIDE' | 'RENAME' | 'TYPE' | 'OPTIONS'
type VariableType = 'CONSTANT' | 'INPUT' | 'CHAT_VARIABLE'
type Shown = 'PLAIN' | 'FILTER'

/** What the settings do with one field of the account, and what becomes of it. */
export interface FieldCase {
  field: TypedField
  exported: VariableType | null
  backend: { variableType: VariableType; overwrite: boolean } | null
  search: Shown | null
  detail: Shown | null
  change: Change | null
}

/** Of the contact that a look-up of the account chooses from. */
export type LookupChange = 'DISPLAY' | 'FILTER' | null

export interface StaleCase {
  fields: FieldCase[]
  lookup: LookupChange
  vehicles: 'HIDE' | null
}

export const names = {
  DYNAMICS: { vehicle: 'new_vehicle', plate: 'new_licenseplate', display: 'jobtitle', filter: 'employeeid' },
  SALESFORCE: { vehicle: 'Vehicle__c', plate: 'Plate__c', display: 'Title', filter: 'Department' },
}
const vehicleName = { DYNAMICS: 'new_name', SALESFORCE: 'Name' }

/** What Salesforce's form asks for beside a chat variable. */
const typeOfVariables: Record<Provider, object> = { DYNAMICS: {}, SALESFORCE: { fieldType: 'TEXT' } }

const withOptions = ['OPTION_SET', 'MULTI_OPTION_SET', 'STATUS_REASON']

/** The vendor's own column of status reasons can neither go nor become something else. */
function changesOf({ type }: TypedField): Change[] {
  const change: Change[] = type === 'STATUS_REASON' ? [] : ['HIDE', 'RENAME', 'TYPE']
  return withOptions.includes(type) ? [...change, 'OPTIONS'] : change
}

const shown = fc.option(fc.constantFrom<Shown>('PLAIN', 'PLAIN', 'FILTER'))
/** `freq`: one in so many is null. */
const often = <T>(of: fc.Arbitrary<T>) => fc.option(of, { freq: 2 })

export function staleCases(provider: Provider): fc.Arbitrary<StaleCase> {
  const fields = Object.values(typedFields[provider]).map((field) =>
    fc.record({
      field: fc.constant(field),
      exported: often(fc.constantFrom<VariableType>('CONSTANT', 'INPUT', 'CHAT_VARIABLE')),
      backend: often(
        fc.record({ variableType: fc.constantFrom<VariableType>('CONSTANT', 'INPUT'), overwrite: fc.boolean() }),
      ),
      search: shown,
      detail: shown,
      change: often(fc.constantFrom(...changesOf(field))),
    }),
  )
  return fc.record({
    fields: fc.tuple(...fields),
    lookup: fc.option(fc.constantFrom('DISPLAY' as const, 'FILTER' as const)),
    vehicles: fc.option(fc.constant('HIDE' as const)),
  })
}

export const variableOf = ({ name }: TypedField) => `Of ${name}`
export const textOf = ({ value, values }: TypedField) => value ?? values?.join(';') ?? ''
const filterValueOf = ({ value, values }: TypedField) => value ?? values?.[0] ?? ''

/** The members of the settings document. */
export function documentOf(
  { provider, names: { account } }: RuleCrm,
  { fields }: StaleCase,
  present: { name: string }[],
) {
  const { vehicle, plate, display, filter } = names[provider]
  const { name: lookup, related, searched } = lookupFields[provider]
  const entityType = account.entity
  const given = ({ value, values }: TypedField) => (values ? { values } : { value })
  const written = ({ field }: FieldCase, variableType: VariableType) => ({
    ...{ entityType, name: field.name, variableType },
    ...(variableType === 'CHAT_VARIABLE' ? typeOfVariables[provider] : { fieldType: field.type }),
    ...(variableType === 'CONSTANT' ? given(field) : {}),
    ...(variableType === 'INPUT' ? { label: `Give ${field.name}` } : {}),
    ...(variableType === 'CHAT_VARIABLE' ? { variable: variableOf(field) } : {}),
  })
  const show = (list: 'search' | 'detail') =>
    fields.flatMap(({ field, [list]: use }) => {
      const { name, type: fieldType } = field
      const narrowed = use === 'FILTER' ? { filter: { field: name, value: filterValueOf(field) } } : {}
      return use === null ? [] : [{ entityType, name, label: `See ${name}`, fieldType, ...narrowed }]
    })
  return {
    entityTypes: [
      ...present.filter(({ name }) => name !== vehicle),
      {
        ...{ name: vehicle, displayName: 'Car', primaryField: vehicleName[provider], primaryFieldLabel: 'Name' },
        ...{ searchable: true, creatable: true },
      },
    ],
    exportFields: [
      ...fields.flatMap((it) => (it.exported === null ? [] : [written(it, it.exported)])),
      {
        ...{ entityType, name: lookup, variableType: 'INPUT', fieldType: 'LOOKUP', label: 'Whom' },
        lookup: {
          ...{ relatedEntity: related, searchFields: [searched], displayField: display },
          filter: { field: filter, value: 'inner' },
        },
      },
      { entityType: vehicle, name: plate, variableType: 'CONSTANT', fieldType: 'TEXT', value: 'B CK 1' },
    ],
    searchFields: show('search'),
    detailFields: show('detail'),
    backendFields: fields.flatMap((it) =>
      it.backend === null ? [] : [{ ...written(it, it.backend.variableType), overwrite: it.backend.overwrite }],
    ),
  }
}

const otherTypes: Record<Provider, Record<string, Record<string, unknown>>> = {
  DYNAMICS: { TEXT: { type: 'Integer', min: 0, max: 9_000 }, OTHER: { type: 'String', maxLength: 90 } },
  SALESFORCE: {
    TEXT: { type: 'double', length: 0, precision: 8 },
    OTHER: { type: 'string', length: 90, picklistValues: [], restrictedPicklist: false },
  },
}
const otherOptions: Record<string, Record<string, unknown>> = {
  OPTION_SET: { options: [{ value: 77, label: 'Other' }], picklistValues: ['Other'] },
  MULTI_OPTION_SET: { picklistValues: ['Elsewhere'] },
  STATUS_REASON: {
    options: [
      { value: 1, label: 'Active', state: 0 },
      { value: 2, label: 'Inactive', state: 1 },
    ],
  },
}

/** Does to the org what the case says. */
export async function changeOrg(crm: RuleCrm, { fields, lookup, vehicles }: StaleCase): Promise<void> {
  const { control, provider } = crm
  const entity = crm.names.account.entity
  for (const { field, change } of fields)
    if (change !== null) await changeField(control, provider, entity, field, change)
  const { vehicle, display, filter } = names[provider]
  const related = crm.names.contact.entity
  if (lookup !== null) {
    await control.changeMetadata({ entity: related, field: lookup === 'FILTER' ? filter : display, hide: true })
  }
  if (vehicles === 'HIDE') await control.changeMetadata({ entity: vehicle, hide: true })
}

async function changeField(
  control: ControlClient,
  provider: Provider,
  entity: string,
  { name, type }: TypedField,
  change: Change,
): Promise<void> {
  const of = { entity, field: name }
  if (change === 'OPTIONS') return control.changeMetadata({ ...of, set: otherOptions[type] ?? {} })
  if (change === 'TYPE') {
    const { [type]: own, OTHER: other = {} } = otherTypes[provider]
    return control.changeMetadata({ ...of, set: own ?? other })
  }
  await control.changeMetadata({ ...of, hide: true })
  if (change === 'RENAME') {
    const set = { ...otherTypes[provider]['OTHER'], label: 'Renamed' }
    await control.changeMetadata({ entity, field: provider === 'DYNAMICS' ? `new_${name}` : `Now_${name}`, set })
  }
}

// ------------------------------------------------------------------------------------------------ what is broken

export const isGone = ({ change }: Pick<FieldCase, 'change'>) => change === 'HIDE' || change === 'RENAME'
const isOther = (it: FieldCase) => isGone(it) || it.change === 'TYPE'

/** A chat variable is made into whatever type the field has. */
export const isWrittenStale = (it: FieldCase, variableType: VariableType) =>
  variableType === 'CHAT_VARIABLE' ? isGone(it) : isOther(it) || (variableType === 'CONSTANT' && it.change !== null)
const isShownStale = (it: FieldCase, use: Shown) => isOther(it) || (use === 'FILTER' && it.change !== null)

/** `List entity field` of each setting that is broken. */
export function brokenSettings({ provider, names: { account } }: RuleCrm, it: StaleCase): string[] {
  const { vehicle, plate } = names[provider]
  const ofAccount = it.fields.flatMap((one) => {
    const { field, exported, backend, search, detail } = one
    const broken = [
      exported !== null && isWrittenStale(one, exported) ? ['ExportField'] : [],
      backend !== null && isWrittenStale(one, backend.variableType) ? ['BackendField'] : [],
      search !== null && isShownStale(one, search) ? ['SearchField'] : [],
      detail !== null && isShownStale(one, detail) ? ['DetailField'] : [],
    ]
    return broken.flat().map((list) => `${list} ${account.entity} ${field.name}`)
  })
  const ofLookup = it.lookup === null ? [] : [`ExportField ${account.entity} ${lookupFields[provider].name}`]
  const ofVehicle = it.vehicles === null ? [] : [`EntityType ${vehicle}`, `ExportField ${vehicle} ${plate}`]
  return [...ofAccount, ...ofLookup, ...ofVehicle].sort()
}
