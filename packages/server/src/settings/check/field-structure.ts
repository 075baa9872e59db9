/** What must hold of a field by its variable type and its field type: the form rows of D-EXP, S-EXP, D-BCK and S-BCK. */
import type { ProviderDescriptor } from '@backchannel/providers'
import type {
  BackendField,
  ExportField,
  FieldFilter,
  LookupSpec,
  SettingFieldType,
  ShownField,
} from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import type { Fault } from './fault.ts'
import {
  checkLength,
  checkOptional,
  LABEL_LENGTH,
  LIST_LENGTH,
  MOST_CHARACTERS,
  NAME_LENGTH,
  SUBJECT_LENGTH,
  VALUE_LENGTH,
} from './lengths.ts'
import { nearest } from './nearest.ts'
import { checkValueShape } from './value.ts'

export interface FieldContext {
  readonly integration: IntegrationSnapshot
  readonly descriptor: ProviderDescriptor
  readonly variables: readonly string[]
}

const notHere = 'This belongs to another kind of field: leave it out.'

export function checkExportField(field: ExportField, context: FieldContext, fault: Fault): void {
  checkBuiltIn(field, context, fault)
  checkFieldType(field.fieldType, context, fault, { inExport: true, isNeeded: field.variableType !== 'CHAT_VARIABLE' })
  if (field.variableType === 'CHAT_VARIABLE') checkVariable(field, context, fault)
  else if (field.variable !== null) fault(['variable'], notHere)
  checkConstant(field, fault)
  if (field.variableType === 'INPUT') {
    checkLabel(field, fault)
    checkLookup(field, fault)
  } else checkNoInput(field, fault)
  if (field.required && field.variableType !== 'INPUT') fault(['required'], notHere)
  checkMaxLength(field, context, fault)
  checkCurrentDate(field, fault)
}

/** The form would show it twice (I-03). */
function checkBuiltIn(
  { name, entityTypeId }: ExportField,
  { integration, descriptor }: FieldContext,
  fault: Fault,
): void {
  const entityType = integration.entityTypes.find(({ id }) => id === entityTypeId)
  const isBuiltIn =
    descriptor.defaultFields.some((it) => it.kind === entityType?.kind && it.name === name) ||
    (entityType?.kind === 'CUSTOM' && entityType.primaryField === name)
  if (isBuiltIn)
    fault(['name'], `${name} is on the form of ${entityType?.displayName} by itself: it cannot be exported too.`)
}

function checkVariable(
  { variable, fieldType }: ExportField,
  { descriptor, variables }: FieldContext,
  fault: Fault,
): void {
  const { variableFieldType } = descriptor.settings
  if (fieldType !== variableFieldType) {
    const message =
      variableFieldType === null ? 'A chat variable has no field type.' : 'A chat variable goes with a text box.'
    fault(['fieldType'], message)
  }
  if (variable === null) fault(['variable'], 'Choose the chat variable.')
  else if (!variables.includes(variable)) {
    const meant = nearest(variable, variables)
    const hint = meant === null ? 'Declare it in the workspace first.' : `Do you mean "${meant}"?`
    fault(['variable'], `There is no chat variable "${variable}". ${hint}`)
  }
}

export function checkBackendField(field: BackendField, context: FieldContext, fault: Fault): void {
  checkFieldType(field.fieldType, context, fault, { inExport: false, isNeeded: true })
  if (field.target === 'ACTIVITY') checkSubjectField(field, context, fault)
  checkConstant(field, fault)
  if (field.variableType !== 'INPUT') {
    checkNoInput(field, fault)
    return
  }
  //
  if (field.fieldType !== 'LOOKUP') checkLabel(field, fault)
  else if (field.label !== null && context.descriptor.settings.backendLookupLabel === 'NONE') {
    fault(['label'], 'A look-up of a backend field goes by the name that the CRM shows: leave the label out.')
  }
  checkOptional(['label'], field.label, LABEL_LENGTH, fault)
  checkLookup(field, fault)
}

/** Ruling 18, S-SUB-03. */
function checkSubjectField(field: BackendField, { integration, descriptor }: FieldContext, fault: Fault): void {
  const { activitySubjectField } = descriptor.settings
  if (activitySubjectField === null) {
    fault(['target'], `Backend fields of ${descriptor.displayName} are of records only.`)
    return
  }
  if (field.entityTypeId !== null) fault(['entityTypeId'], 'The activity is no entity type: leave it out.')
  if (field.name !== activitySubjectField) {
    fault(['name'], `The only field of an activity that can be set is ${activitySubjectField}.`)
  }
  if (field.fieldType !== 'OPTION_SET') fault(['fieldType'], 'A subject is a picklist: choose that field type.')
  const first = integration.settings.backendFields.find(({ target }) => target === 'ACTIVITY')
  //
  if (first?.id !== field.id) fault(['target'], 'There is a subject field already, and an activity has one subject.')
}

export function checkShownField(field: ShownField, context: FieldContext, fault: Fault): void {
  checkLength(['label'], field.label, LABEL_LENGTH, fault)
  checkFieldType(field.fieldType, context, fault, { inExport: false, isNeeded: true })
  const { filter, fieldType, name } = field
  if (filter === null) return
  if (filter.field !== name) fault(['filter', 'field'], `The filter compares the field itself: ${name}.`)
  checkFilter(filter, fieldType, ['filter'], fault)
}

/** D-SEA-09, D-SEA-10. `fieldType` null: not known without the CRM. */
function checkFilter(
  { value, relatedEntity }: FieldFilter,
  fieldType: SettingFieldType | null,
  path: readonly string[],
  fault: Fault,
): void {
  checkLength([...path, 'value'], value, VALUE_LENGTH, fault)
  checkOptional([...path, 'relatedEntity'], relatedEntity, NAME_LENGTH, fault)
  if (fieldType === null) return
  if (fieldType === 'LOOKUP') {
    if (relatedEntity === null) fault([...path, 'relatedEntity'], 'Name the entity that the look-up points to.')
    return
  }
  if (relatedEntity !== null) fault([...path, 'relatedEntity'], notHere)
  const wrong = value && checkValueShape(fieldType, { value, values: null })
  if (wrong) fault([...path, 'value'], wrong)
}

function checkFieldType(
  fieldType: SettingFieldType | null,
  { descriptor }: FieldContext,
  fault: Fault,
  { inExport, isNeeded }: { inExport: boolean; isNeeded: boolean },
): void {
  if (fieldType === null) {
    if (isNeeded) fault(['fieldType'], 'Choose the field type.')
    return
  }
  const offered = descriptor.fieldTypes.filter((it) => it.inExport || !inExport)
  // Whether a date has a time is the CRM's to say: one entry offers both.
  const asked = fieldType === 'DATE_TIME' ? 'DATE' : fieldType
  if (!offered.some(({ type }) => type === asked)) {
    const labels = offered.map(({ label }) => label).join(', ')
    fault(['fieldType'], `${descriptor.displayName} has no such type here. Choose one of: ${labels}.`)
  }
}

type ValueField = ExportField | BackendField

/** D-EXP-17, D-EXP-18: a value, several values or a record, as the type has it, and none of them where the agent gives it. */
function checkConstant(field: ValueField, fault: Fault): void {
  const { variableType, fieldType, value, values, lookupValue } = field
  const isConstant = variableType === 'CONSTANT'
  const member = fieldType === 'LOOKUP' ? 'lookupValue' : fieldType === 'MULTI_OPTION_SET' ? 'values' : 'value'
  const given = { value, values, lookupValue }
  for (const name of ['value', 'values', 'lookupValue'] as const) {
    const isChoices = name === 'values' && isSubjectInput(field)
    if (given[name] !== null && !isChoices && (!isConstant || name !== member)) fault([name], notHere)
  }
  if (values !== null && isSubjectInput(field)) checkChoices(values, fault)
  if (!isConstant || fieldType === null) return
  if (given[member] === null) {
    fault([member], member === 'lookupValue' ? 'Choose the record that it points to.' : 'Give the value.')
    return
  }
  checkOptional(['value'], value, VALUE_LENGTH, fault)
  if (values && values.length > LIST_LENGTH) fault(['values'], `At most ${LIST_LENGTH} values can be given.`)
  for (const text of values ?? []) checkOptional(['values'], text, VALUE_LENGTH, fault)
  if (lookupValue) {
    checkLength(['lookupValue', 'entityName'], lookupValue.entityName, NAME_LENGTH, fault)
    checkLength(['lookupValue', 'remoteId'], lookupValue.remoteId, NAME_LENGTH, fault)
    checkOptional(['lookupValue', 'name'], lookupValue.name, VALUE_LENGTH, fault)
  }
  const wrong =
    member === 'lookupValue' ? null : checkValueShape(fieldType, member === 'values' ? { values } : { value })
  if (wrong !== null) fault([member], wrong)
}

/** The choices that the admin adds to those of the org (ruling 18). */
function isSubjectInput(field: ValueField): boolean {
  return 'target' in field && field.target === 'ACTIVITY' && field.variableType === 'INPUT'
}

function checkChoices(values: readonly string[], fault: Fault): void {
  if (values.length > LIST_LENGTH) fault(['values'], `At most ${LIST_LENGTH} choices can be given.`)
  if (values.some((value) => value === '')) fault(['values'], 'A choice must be filled.')
  if (new Set(values).size < values.length) fault(['values'], 'Give each choice once.')
  if (values.some((value) => value.length > SUBJECT_LENGTH)) {
    fault(['values'], `A choice is too long: at most ${SUBJECT_LENGTH} characters.`)
  }
}

function checkLabel({ label }: ValueField, fault: Fault): void {
  checkLength(['label'], label ?? '', LABEL_LENGTH, fault)
}

/** D-EXP-32: related entity; what else it may say is optional. */
function checkLookup({ fieldType, lookup }: ValueField, fault: Fault): void {
  if (fieldType !== 'LOOKUP') {
    if (lookup !== null) fault(['lookup'], notHere)
    return
  }
  if (lookup === null) fault(['lookup', 'relatedEntity'], 'Name the entity that the look-up points to.')
  else checkSpec(lookup, fault)
}

function checkSpec({ relatedEntity, searchFields, displayField, filter }: LookupSpec, fault: Fault): void {
  checkLength(['lookup', 'relatedEntity'], relatedEntity, NAME_LENGTH, fault)
  checkOptional(['lookup', 'displayField'], displayField, NAME_LENGTH, fault)
  if (searchFields.length > LIST_LENGTH) fault(['lookup', 'searchFields'], `At most ${LIST_LENGTH} can be named.`)
  for (const [index, name] of searchFields.entries()) {
    checkLength(['lookup', 'searchFields', String(index)], name, NAME_LENGTH, fault)
  }
  if (filter === null) return
  checkLength(['lookup', 'filter', 'field'], filter.field, NAME_LENGTH, fault)
  checkFilter(filter, null, ['lookup', 'filter'], fault)
}

/** What only an input has. */
function checkNoInput({ label, lookup }: ValueField, fault: Fault): void {
  if (label !== null) fault(['label'], notHere)
  if (lookup !== null) fault(['lookup'], notHere)
}

/** D-EXP-28, S-EXP-26, A-30. */
function checkMaxLength(
  { variableType, fieldType, maxLength }: ExportField,
  context: FieldContext,
  fault: Fault,
): void {
  if (maxLength === null) return
  const type = context.descriptor.fieldTypes.find((it) => it.type === fieldType)
  if (variableType !== 'INPUT' || !type?.maxLength) fault(['maxLength'], notHere)
  else if (!Number.isInteger(maxLength) || maxLength < 1 || maxLength > MOST_CHARACTERS)
    fault(['maxLength'], `Give a whole number of characters, from 1 to ${MOST_CHARACTERS}.`)
}

/** D-EXP-30. */
function checkCurrentDate({ variableType, fieldType, useCurrentDate }: ExportField, fault: Fault): void {
  const isDate = fieldType === 'DATE' || fieldType === 'DATE_TIME'
  if (useCurrentDate && (variableType !== 'INPUT' || !isDate)) fault(['useCurrentDate'], notHere)
}
