/** Objects and fields of the emulated org, in the words of Salesforce's describe (crm-apis.md 2.7). */

export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'phone'
  | 'email'
  | 'url'
  | 'picklist'
  | 'multipicklist'
  | 'combobox'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'reference'

interface PicklistValue {
  active: boolean
  defaultValue: boolean
  label: string
  validFor: null
  value: string
}

export interface FieldDefinition {
  name: string
  label: string
  type: FieldType
  /** In characters; 0 where the type has none. */
  length: number
  precision: number
  scale: number
  nillable: boolean
  defaultedOnCreate: boolean
  /** What a create that leaves the field out stores; picklists have it among their values. */
  defaultValue: string | number | boolean | null
  createable: boolean
  updateable: boolean
  filterable: boolean
  sortable: boolean
  unique: boolean
  externalId: boolean
  idLookup: boolean
  nameField: boolean
  calculated: boolean
  autoNumber: boolean
  custom: boolean
  picklistValues: PicklistValue[]
  restrictedPicklist: boolean
  referenceTo: string[]
  relationshipName: string | null
  compoundFieldName: string | null
  inlineHelpText: string | null
}

export interface ChildRelationship {
  childSObject: string
  field: string
  relationshipName: string
}

export interface ObjectDefinition {
  name: string
  label: string
  labelPlural: string
  keyPrefix: string
  custom: boolean
  createable: boolean
  updateable: boolean
  deletable: boolean
  searchable: boolean
  /** May be what a task is about (its `WhatId`). */
  activities: boolean
  /** By a record type's developer name and a field: the values that its rows may have. A field that is left out has all. */
  picklistsByRecordType: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  fields: FieldDefinition[]
}

type Extra = Partial<FieldDefinition>

const lengths: Partial<Record<FieldType, number>> = {
  id: 18,
  reference: 18,
  string: 255,
  textarea: 255,
  phone: 40,
  email: 80,
  url: 255,
  picklist: 255,
  multipicklist: 4099,
  combobox: 255,
}

/** A field with everything that its type decides; `extra` says what is different. */
export function field(type: FieldType, name: string, label: string, extra: Extra = {}): FieldDefinition {
  const length = extra.length ?? lengths[type] ?? 0
  const isLongText = type === 'textarea' && length > 255
  return {
    name,
    label,
    type,
    length,
    precision: type === 'currency' || type === 'double' || type === 'percent' ? 18 : 0,
    scale: 0,
    nillable: type !== 'boolean',
    defaultedOnCreate: type === 'boolean',
    defaultValue: type === 'boolean' ? false : null,
    createable: true,
    updateable: true,
    filterable: !isLongText,
    sortable: !isLongText && type !== 'multipicklist',
    unique: false,
    externalId: false,
    idLookup: false,
    nameField: false,
    calculated: false,
    autoNumber: false,
    custom: name.endsWith('__c'),
    picklistValues: [],
    restrictedPicklist: false,
    referenceTo: [],
    relationshipName: null,
    compoundFieldName: null,
    inlineHelpText: null,
    ...extra,
  }
}

/** Members of a field that only the system writes. */
export const readOnly = { createable: false, updateable: false } satisfies Extra

/** Members of a field that a create must bring. */
export const required = { nillable: false } satisfies Extra

/** Members of a picklist; a `*` before a value makes it the default. */
export function values(...given: string[]): Pick<FieldDefinition, 'picklistValues' | 'defaultedOnCreate'> {
  const picklistValues = given.map((text) => {
    const value = text.replace(/^\*/, '')
    return { active: true, defaultValue: text.startsWith('*'), label: value, validFor: null, value }
  })
  return { picklistValues, defaultedOnCreate: picklistValues.some((value) => value.defaultValue) }
}

/** A lookup; its relationship is called like the field, without `Id` or with `__r` for `__c`. */
export function lookup(name: string, label: string, referenceTo: string[], extra: Extra = {}): FieldDefinition {
  const relationshipName = name.endsWith('__c') ? name.replace(/__c$/, '__r') : name.replace(/Id$/, '')
  return field('reference', name, label, { referenceTo, relationshipName, ...extra })
}

/** What every object has. */
function systemFields(label: string): FieldDefinition[] {
  const stamp = { ...readOnly, nillable: false, defaultedOnCreate: true }
  return [
    field('id', 'Id', `${label} ID`, { ...stamp, idLookup: true }),
    field('boolean', 'IsDeleted', 'Deleted', readOnly),
    field('datetime', 'CreatedDate', 'Created Date', stamp),
    lookup('CreatedById', 'Created By ID', ['User'], stamp),
    field('datetime', 'LastModifiedDate', 'Last Modified Date', stamp),
    lookup('LastModifiedById', 'Last Modified By ID', ['User'], stamp),
    field('datetime', 'SystemModstamp', 'System Modstamp', stamp),
  ]
}

/** The field that a connected product keeps its own keys in: one that an admin of a real org has to make. */
export const keyFieldName = 'Backchannel_Key__c'

export function keyField(): FieldDefinition {
  return field('string', keyFieldName, 'Backchannel Key', {
    length: 64,
    unique: true,
    externalId: true,
    idLookup: true,
  })
}

/** The owner, who is the calling user unless said otherwise. */
export function ownerField(): FieldDefinition {
  return lookup('OwnerId', 'Owner ID', ['User'], { nillable: false, defaultedOnCreate: true })
}

/** An object that people make rows of. */
export function object(
  given: Pick<ObjectDefinition, 'name' | 'label' | 'labelPlural' | 'keyPrefix' | 'fields'> & Partial<ObjectDefinition>,
): ObjectDefinition {
  const { fields, ...rest } = given
  return {
    custom: given.name.endsWith('__c'),
    createable: true,
    updateable: true,
    deletable: true,
    searchable: true,
    activities: false,
    picklistsByRecordType: {},
    ...rest,
    fields: [...systemFields(given.label), ...fields],
  }
}

/** An object that describes the org itself: read, never written. */
export function setupObject(given: Parameters<typeof object>[0]): ObjectDefinition {
  return object({ ...given, createable: false, updateable: false, deletable: false, searchable: false })
}
