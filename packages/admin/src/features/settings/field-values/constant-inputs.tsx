import { Select } from '@mantine/core'
import { EntityPicker } from '../pickers/entity-picker.tsx'
import type { FieldDescriptor } from '../pickers/field-picker.tsx'
import { RecordPicker } from '../pickers/record-picker.tsx'
import { type DraftForm, errorOf } from './draft-form.ts'
import { ACTIVITY } from './field-draft.ts'
import { type FieldRules, shapeOf, typeOf } from './shape.ts'
import { ValueInput, ValuesInput } from './value-input.tsx'

interface ConstantInputsProps {
  form: DraftForm
  rules: FieldRules
  descriptor: FieldDescriptor | null
}

/** What a constant is: a value, several, or a record. */
export function ConstantInputs({ form, rules, descriptor }: ConstantInputsProps) {
  const { values: draft } = form
  const { constant } = shapeOf(draft, rules)
  const fieldType = typeOf(draft, rules)
  const label = rules.list === 'EXPORT' ? 'Value' : 'Field Value'
  if (constant === null || fieldType === null) return null
  if (constant === 'RECORD') return <RecordInputs form={form} rules={rules} descriptor={descriptor} />
  if (constant === 'VALUES') {
    return (
      <ValuesInput
        label={label}
        descriptor={descriptor}
        values={draft.values}
        onChange={(values) => form.setFieldValue('values', values)}
        error={errorOf(form, 'values')}
      />
    )
  }
  function change(value: string) {
    form.clearFieldError('value')
    form.setFieldValue('constants', { ...draft.constants, [fieldType ?? 'TEXT']: value })
  }
  return (
    <ValueInput
      key={fieldType}
      label={label}
      fieldType={fieldType}
      descriptor={descriptor}
      open={draft.entityTypeId === ACTIVITY}
      value={draft.constants[fieldType] ?? ''}
      onChange={change}
      error={errorOf(form, 'value')}
    />
  )
}

function RecordInputs({ form, rules, descriptor }: ConstantInputsProps) {
  const { record } = form.values
  function changeEntity(entityName: string) {
    form.clearFieldError('entityName')
    // A record of another entity type is another record.
    form.setFieldValue('record', entityName === record.entityName ? record : { entityName, remoteId: '', name: '' })
  }
  return (
    <>
      <TargetInput
        label={rules.list === 'EXPORT' ? 'Related Entity' : 'Entity'}
        descriptor={descriptor}
        value={record.entityName}
        onChange={changeEntity}
        error={errorOf(form, 'entityName')}
      />
      <RecordPicker
        entityName={record.entityName}
        label="Lookup"
        required
        value={record}
        onChange={(chosen) => {
          form.clearFieldError('lookupValue')
          form.setFieldValue('record', { ...chosen, entityName: record.entityName })
        }}
        error={errorOf(form, 'lookupValue')}
      />
    </>
  )
}

interface TargetInputProps {
  label: string
  descriptor: FieldDescriptor | null
  value: string
  onChange: (entityName: string) => void
  error: string | undefined
}

/** The entity type that a look-up points to: one of those that the org names, where it does. */
export function TargetInput({ label, descriptor, value, onChange, error }: TargetInputProps) {
  const targets = descriptor?.targets ?? []
  if (targets.length === 0) {
    return <EntityPicker label={label} required value={value} onChange={onChange} error={error} />
  }
  return (
    <Select
      label={label}
      description={`What ${descriptor?.label ?? 'the look-up'} may point to in the org.`}
      required
      allowDeselect={false}
      data={value === '' || targets.includes(value) ? targets : [...targets, value]}
      value={value || null}
      onChange={(chosen) => onChange(chosen ?? '')}
      error={error}
    />
  )
}
