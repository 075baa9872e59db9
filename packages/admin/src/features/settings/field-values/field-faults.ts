import type { FieldDraft } from './field-draft.ts'
import { type FieldRules, shapeOf, typeOf } from './shape.ts'

/** What is missing on the form, by input: the gateway would say so too, only later. */
export function faultsOf(draft: FieldDraft, rules: FieldRules): Record<string, string> {
  const shape = shapeOf(draft, rules)
  const fieldType = typeOf(draft, rules)
  const blank = (text: string | undefined) => (text ?? '').trim() === ''
  const faults: [string, string | false][] = [
    ['entityTypeId', draft.entityTypeId === '' && 'Choose the entity type.'],
    ['name', blank(draft.name) && 'Choose the field.'],
    ['fieldType', shape.fieldType === 'ASKED' && fieldType === null && 'Choose the type.'],
    ['variable', shape.variable && blank(draft.variable) && 'Choose the chat variable.'],
    [
      'value',
      shape.constant === 'VALUE' && fieldType !== null && blank(draft.constants[fieldType]) && 'Give the value.',
    ],
    ['values', shape.constant === 'VALUES' && draft.values.length === 0 && 'Choose at least one.'],
    ['entityName', shape.constant === 'RECORD' && blank(draft.record.entityName) && 'Choose the entity.'],
    ['lookupValue', shape.constant === 'RECORD' && blank(draft.record.remoteId) && 'Choose the record.'],
    ['label', shape.label === 'DEMANDED' && blank(draft.label) && 'Give the label that agents see.'],
    ['maxLength', shape.maxLength && !isLength(draft.maxLength) && 'Give a whole number of characters, from 1.'],
    ['relatedEntity', shape.lookup && blank(draft.relatedEntity) && 'Choose the entity that it points to.'],
    ['filterValue', hasFilter(draft, rules) && blank(draft.filterValue) && 'Give the value that it must hold.'],
  ]
  return Object.fromEntries(faults.filter((fault): fault is [string, string] => fault[1] !== false))
}

const isLength = (text: string) => text.trim() === '' || /^\s*[1-9]\d{0,6}\s*$/.test(text)

const hasFilter = (draft: FieldDraft, rules: FieldRules) =>
  shapeOf(draft, rules).lookup && draft.optionalFields && draft.filterField !== ''

/** The inputs that the gateway's faults can be about, by the last part of its path, and what the form calls them. */
const inputs: Readonly<Record<string, string>> = {
  entityTypeId: 'entityTypeId',
  name: 'name',
  variableType: 'variableType',
  target: 'entityTypeId',
  fieldType: 'fieldType',
  variable: 'variable',
  value: 'value',
  values: 'values',
  lookupValue: 'lookupValue',
  entityName: 'entityName',
  remoteId: 'lookupValue',
  label: 'label',
  required: 'required',
  maxLength: 'maxLength',
  useCurrentDate: 'useCurrentDate',
  relatedEntity: 'relatedEntity',
  searchFields: 'searchFields',
  displayField: 'displayField',
}

/** The gateway's names of what stands on the form, for `useSave`. */
export function inputNames(draft: FieldDraft, rules: FieldRules): string[] {
  return [...Object.keys(inputs), ...(hasFilter(draft, rules) ? ['field'] : [])]
}

/** Faults of the gateway at the inputs of the form. */
export function placedFaults(
  fields: Readonly<Record<string, string>>,
  draft: FieldDraft,
  rules: FieldRules,
): Record<string, string> {
  const shape = shapeOf(draft, rules)
  const placed = Object.entries(fields).map(([name, message]) => {
    if (name === 'field') return ['filterField', message]
    // An input has no value of its own: it is that of its filter, or the choices of a subject.
    if (name === 'value' && shape.constant === null) return ['filterValue', message]
    if (name === 'values' && shape.choices) return ['choices', message]
    return [inputs[name] ?? name, message]
  })
  return Object.fromEntries(placed)
}
