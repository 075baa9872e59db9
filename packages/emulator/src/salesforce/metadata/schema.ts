import type { Clock } from '../../clock.ts'
import type { Control, MetadataChange, Switches } from '../../control.ts'
import {
  type ChildRelationship,
  type FieldDefinition,
  field,
  keyFieldName,
  type ObjectDefinition,
  object,
  values,
} from './definition.ts'
import { opportunity, organization, recordType, supportCase, task, taskStatus, user, vehicle } from './other-objects.ts'
import { account, contact, lead, personAccountFields } from './people-objects.ts'

/** An object as this org has it now: hidden fields are gone, as with field-level security. */
export interface SObject extends ObjectDefinition {
  /** By its name or its relationship's, in lower case. */
  fieldNamed(name: string): FieldDefinition | undefined
  relationshipNamed(name: string): FieldDefinition | undefined
  children: ChildRelationship[]
}

export interface Schema {
  objects: readonly SObject[]
  /** When the metadata last changed, in ms; whole seconds, so that it fits an HTTP date. */
  modifiedAt: number
  objectNamed(name: string): SObject | undefined
  /** The object whose rows carry this id. */
  objectOfId(id: string): SObject | undefined
}

const baseObjects = [
  account,
  contact,
  lead,
  opportunity,
  supportCase,
  task,
  vehicle,
  user,
  recordType,
  taskStatus,
  organization,
]

/** Child relationships that are not called like the plural of the child. */
const childNames: Record<string, string> = {
  'Account.ParentId': 'ChildAccounts',
  'Contact.ReportsToId': 'ContactReports',
  'Vehicle__c.Contact__c': 'Vehicles__r',
}

/**
 * The org's metadata: the definitions with the switches and changes of the control API laid over them. Worked out anew
 * only when one of these changed, so that what is cached under a schema stays valid as long as the schema lives.
 */
export function createOrgSchema(control: Control, clock: Clock): () => Schema {
  let seenSwitches: Switches | null = null
  let seenChanges: readonly MetadataChange[] | null = null
  let schema: Schema | null = null
  return () => {
    if (schema && seenSwitches === control.switches && seenChanges === control.metadata) return schema
    // A client that asked within this very second must still see the change.
    const modifiedAt = schema ? Math.ceil(clock.now() / 1000 + 1) * 1000 : Math.floor(clock.now() / 1000) * 1000
    seenSwitches = control.switches
    seenChanges = control.metadata
    schema = buildSchema(seenSwitches, seenChanges, modifiedAt)
    return schema
  }
}

function buildSchema(switches: Switches, changes: readonly MetadataChange[], modifiedAt: number): Schema {
  let definitions: ObjectDefinition[] = baseObjects.map((base) => ({
    ...base,
    fields: base.fields
      .filter((one) => isThere(base, one, switches))
      .map((one) => (isCompanyOfPerson(base, one, switches) ? { ...one, nillable: true } : one)),
  }))
  for (const change of changes) definitions = applyChange(definitions, change)
  const whatTargets = definitions.filter((one) => one.activities).map((one) => one.name)
  const names = new Set(definitions.map((one) => one.name))
  for (const one of definitions) {
    if (one.name !== 'Task') continue
    one.fields = one.fields.map((each) => {
      if (each.name === 'WhatId') return { ...each, referenceTo: whatTargets }
      return each.name === 'WhoId' ? { ...each, referenceTo: each.referenceTo.filter((name) => names.has(name)) } : each
    })
  }
  const objects = definitions.map((definition) => toSObject(definition, definitions))
  const byName = new Map(objects.map((one) => [one.name.toLowerCase(), one]))
  const byPrefix = new Map(objects.map((one) => [one.keyPrefix, one]))
  return {
    objects,
    modifiedAt,
    objectNamed: (name) => byName.get(name.toLowerCase()),
    objectOfId: (id) => byPrefix.get(id.slice(0, 3)),
  }
}

function isThere(owner: ObjectDefinition, one: FieldDefinition, switches: Switches): boolean {
  if (one.name === keyFieldName && switches.noKeyFields) return false
  if (owner.name === 'Account' && switches.personAccountsOff) return !personAccountFields.has(one.name)
  if (owner.name === 'Contact' && switches.personAccountsOff) return one.name !== 'IsPersonAccount'
  return true
}

/** With person accounts a lead may be of nobody's company: it becomes a person account (crm-apis.md 2.8). */
function isCompanyOfPerson(owner: ObjectDefinition, one: FieldDefinition, switches: Switches): boolean {
  return owner.name === 'Lead' && one.name === 'Company' && !switches.personAccountsOff
}

function applyChange(definitions: ObjectDefinition[], change: MetadataChange): ObjectDefinition[] {
  const before = definitions.find((one) => one.name === change.entity)
  if (change.field === undefined) {
    if (change.hide) return definitions.filter((one) => one !== before)
    const after = { ...(before ?? newObject(change.entity, definitions.length)), ...change.set }
    return before ? definitions.map((one) => (one === before ? after : one)) : [...definitions, after]
  }
  if (!before) return definitions
  const { field: name } = change
  const set = withPicklistValues(change.set)
  const known = before.fields.find((one) => one.name === name)
  let fields = before.fields
  if (change.hide) fields = fields.filter((one) => one !== known)
  else if (known) fields = fields.map((one) => (one === known ? { ...known, ...set } : one))
  else fields = [...fields, { ...field((set?.type as FieldDefinition['type']) ?? 'string', name, name), ...set }]
  return definitions.map((one) => (one === before ? { ...before, fields } : one))
}

/** Values of a picklist may be given as plain texts. */
function withPicklistValues(set: MetadataChange['set']): MetadataChange['set'] {
  const given = set?.picklistValues
  const texts = Array.isArray(given) ? given.filter((one): one is string => typeof one === 'string') : []
  return texts.length === 0 ? set : { ...set, ...values(...texts) }
}

function newObject(name: string, position: number): ObjectDefinition {
  const keyPrefix = `a${String(position).padStart(2, '0')}`
  const nameField = field('string', 'Name', 'Name', { length: 80, nillable: false, nameField: true })
  return object({ name, label: name, labelPlural: name, keyPrefix, fields: [nameField] })
}

function toSObject(definition: ObjectDefinition, all: readonly ObjectDefinition[]): SObject {
  const fields = new Map(definition.fields.map((one) => [one.name.toLowerCase(), one]))
  const relationships = new Map(
    definition.fields.flatMap((one) =>
      one.relationshipName ? [[one.relationshipName.toLowerCase(), one] as const] : [],
    ),
  )
  return {
    ...definition,
    fieldNamed: (name) => fields.get(name.toLowerCase()),
    relationshipNamed: (name) => relationships.get(name.toLowerCase()),
    children: all.flatMap((child) => childrenIn(child, definition.name)),
  }
}

/** Ownership and authorship are no relationships that people walk down. */
const withoutChildren = new Set(['CreatedById', 'LastModifiedById', 'OwnerId', 'RecordTypeId'])

function childrenIn(child: ObjectDefinition, parent: string): ChildRelationship[] {
  return child.fields
    .filter((one) => one.referenceTo.includes(parent) && !withoutChildren.has(one.name) && one.createable)
    .map((one) => ({
      childSObject: child.name,
      field: one.name,
      relationshipName:
        childNames[`${child.name}.${one.name}`] ??
        (one.custom ? `${child.name.replace(/__c$/, '')}s__r` : child.labelPlural.replaceAll(' ', '')),
    }))
}
