/** An org's describe answers as neutral descriptors, with what only this folder needs besides (crm-apis.md 2.7). */
import type {
  EntityDescriptor,
  EntitySummary,
  FieldDescriptor,
  FieldType,
  RecordTypeDescriptor,
} from '../model/index.ts'
import { isActivity, kindOf } from './entities.ts'

/** The members of a describe answer that we read. */
export interface DescribeAnswer {
  name: string
  label: string
  createable: boolean
  fields: DescribedField[]
  recordTypeInfos?: DescribedRecordType[]
}

interface DescribedField {
  name: string
  label: string
  type: string
  length: number
  precision?: number
  scale?: number
  digits?: number
  nillable: boolean
  defaultedOnCreate: boolean
  createable: boolean
  filterable: boolean
  nameField?: boolean
  externalId?: boolean
  unique?: boolean
  restrictedPicklist?: boolean
  picklistValues?: { active: boolean; value: string; label: string | null }[]
  referenceTo?: string[]
  relationshipName?: string | null
}

interface DescribedRecordType {
  active: boolean
  available: boolean
  defaultRecordTypeMapping: boolean
  developerName: string
  master: boolean
  name: string
  recordTypeId: string
}

export interface GlobalDescribeAnswer {
  sobjects: {
    name: string
    label: string
    createable: boolean
    queryable: boolean
    layoutable: boolean
    deprecatedAndHidden?: boolean
    customSetting?: boolean
  }[]
}

/** An object of the org, ready for use. */
export interface ObjectMetadata {
  name: string
  primaryField: string
  fields: ReadonlyMap<string, FieldDescriptor>
  /** Path to the name of what a lookup points to: `Account.Name` for `AccountId`. */
  namePaths: ReadonlyMap<string, string>
  recordTypes: readonly ObjectRecordType[]
  /** Whether the org has person accounts, which only Account tells. */
  hasPersons: boolean
  /** The org's own unique external-ID field for our keys; null where the object has none. */
  keyField: string | null
  /** Without its record types: which of them make persons is another question to the org. */
  descriptor: Omit<EntityDescriptor, 'recordTypes'>
}

export type ObjectRecordType = Omit<RecordTypeDescriptor, 'isPerson'> & { id: string }

const types: ReadonlyMap<string, FieldType> = new Map(
  Object.entries<FieldType>({
    string: 'TEXT',
    encryptedstring: 'TEXT',
    textarea: 'MULTILINE_TEXT',
    phone: 'PHONE',
    email: 'EMAIL',
    url: 'URL',
    picklist: 'OPTION_SET',
    combobox: 'OPTION_SET',
    multipicklist: 'MULTI_OPTION_SET',
    boolean: 'TWO_OPTIONS',
    int: 'WHOLE_NUMBER',
    long: 'WHOLE_NUMBER',
    double: 'DECIMAL',
    percent: 'DECIMAL',
    currency: 'CURRENCY',
    date: 'DATE',
    datetime: 'DATE_TIME',
    reference: 'LOOKUP',
  }),
)

/** The few objects that are not named by a field called Name. */
const nameFieldsOfTargets: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Case: 'CaseNumber',
    Solution: 'SolutionName',
    Task: 'Subject',
    Event: 'Subject',
  }),
)

/** Our keys are UUIDs. */
const keyLength = 36

function toField(field: DescribedField): FieldDescriptor {
  const type = types.get(field.type) ?? 'OTHER'
  const isNumber = type === 'WHOLE_NUMBER' || type === 'DECIMAL' || type === 'CURRENCY'
  const digitsBefore = type === 'WHOLE_NUMBER' ? (field.digits ?? 0) : (field.precision ?? 0) - (field.scale ?? 0)
  const largest = isNumber && digitsBefore > 0 ? 10 ** digitsBefore - 1 : null
  return {
    name: field.name,
    label: field.label,
    type,
    required: field.createable && !field.nillable && !field.defaultedOnCreate,
    writable: field.createable,
    filterable: field.filterable,
    maxLength: field.length > 0 && type !== 'LOOKUP' && type !== 'OTHER' ? field.length : null,
    minimum: largest === null ? null : -largest,
    maximum: largest,
    precision: isNumber ? (field.scale ?? 0) : null,
    options: (field.picklistValues ?? [])
      .filter((option) => option.active)
      .map((option) => ({ value: option.value, label: option.label ?? option.value })),
    restricted: field.restrictedPicklist ?? false,
    targets: field.referenceTo ?? [],
  }
}

function toRecordType(info: DescribedRecordType): ObjectRecordType {
  return {
    id: info.recordTypeId,
    name: info.developerName,
    label: info.name,
    isDefault: info.defaultRecordTypeMapping,
  }
}

function namePathOf(field: DescribedField): string | null {
  const [target] = field.referenceTo ?? []
  if (field.relationshipName == null || target === undefined) return null
  return `${field.relationshipName}.${(field.referenceTo?.length === 1 ? nameFieldsOfTargets.get(target) : undefined) ?? 'Name'}`
}

/** @param keyFieldName API name of the field that holds our keys, where an object has it */
export function toObjectMetadata(answer: DescribeAnswer, keyFieldName: string): ObjectMetadata {
  const fields = new Map(answer.fields.map((field) => [field.name, toField(field)]))
  const namePaths = new Map<string, string>()
  for (const field of answer.fields) {
    const path = namePathOf(field)
    if (path !== null) namePaths.set(field.name, path)
  }
  const recordTypes = (answer.recordTypeInfos ?? [])
    .filter((info) => info.active && info.available && !info.master)
    .map(toRecordType)
  const key = answer.fields.find((field) => field.name === keyFieldName)
  // Not unique, it would let two rows have one key; not writable, it would hold none.
  const holdsKeys = key?.externalId === true && key.unique === true && key.createable && key.length >= keyLength
  const primaryField = answer.fields.find((field) => field.nameField)?.name ?? 'Id'
  return {
    name: answer.name,
    primaryField,
    fields,
    namePaths,
    recordTypes,
    hasPersons: answer.name === 'Account' && fields.has('IsPersonAccount'),
    keyField: holdsKeys ? keyFieldName : null,
    descriptor: {
      name: answer.name,
      label: answer.label,
      kind: kindOf(answer.name),
      isActivity: isActivity(answer.name),
      creatable: answer.createable,
      idField: 'Id',
      primaryField,
      fields: [...fields.values()],
    },
  }
}

/** What a picker lists: objects with rows and pages of their own, not the org's thousand internal ones. */
export function toSummaries(answer: GlobalDescribeAnswer): EntitySummary[] {
  return answer.sobjects
    .filter((object) => object.queryable && object.layoutable && !object.deprecatedAndHidden && !object.customSetting)
    .map((object) => ({
      name: object.name,
      label: object.label,
      isActivity: isActivity(object.name),
      creatable: object.createable,
    }))
}
