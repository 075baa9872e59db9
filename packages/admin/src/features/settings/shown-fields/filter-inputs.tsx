import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { FieldType } from '../../../graphql/generated/graphql.ts'
import { EntityPicker } from '../pickers/entity-picker.tsx'
import type { ShownFieldValues } from './shown-field-change.ts'

interface FilterInputsProps {
  form: UseFormReturnType<ShownFieldValues>
  /** The choices that the org has for the field. */
  options: readonly { value: string; label: string }[]
}

/** Whether only records with a value are found, and which. */
export function FilterInputs({ form, options }: FilterInputsProps) {
  const { filtered, fieldType, filterValue, relatedEntity } = form.values
  const error = form.errors['relatedEntity']
  return (
    <>
      <Checkbox
        label="Add Filter Value"
        description="Only records that hold this value are found; the field is not searched by then."
        {...form.getInputProps('filtered', { type: 'checkbox' })}
      />
      {filtered && fieldType === 'LOOKUP' && (
        <EntityPicker
          label="Related Entity Name"
          description="What the field points to."
          required
          value={relatedEntity}
          onChange={(name) => form.setFieldValue('relatedEntity', name)}
          error={typeof error === 'string' ? error : undefined}
        />
      )}
      {filtered && (
        <ValueInput
          type={fieldType}
          options={choicesOf(fieldType, options, filterValue)}
          {...form.getInputProps('filterValue')}
        />
      )}
    </>
  )
}

interface ValueInputProps {
  type: FieldType
  /** Empty: it is written. */
  options: readonly { value: string; label: string }[]
}

function ValueInput({ type, options, ...input }: ValueInputProps) {
  const props = { ...input, label: 'Value', required: true }
  if (options.length > 0) return <NativeSelect {...props} data={[{ value: '', label: 'Choose' }, ...options]} />
  if (type === 'DATE') return <TextInput {...props} type="date" />
  if (numbers.has(type))
    return <TextInput {...props} inputMode="decimal" description="Digits with a dot, no grouping." />
  if (type === 'LOOKUP')
    return <TextInput {...props} description="The name or the key of the record that it points to." />
  return <TextInput {...props} />
}

const numbers: ReadonlySet<FieldType> = new Set(['CURRENCY', 'WHOLE_NUMBER', 'DECIMAL'])

const yesOrNo = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
]

/** A value that the org no longer has stays to be seen. */
function choicesOf(type: FieldType, options: FilterInputsProps['options'], chosen: string) {
  if (type === 'TWO_OPTIONS') return yesOrNo
  if (options.length === 0 || chosen === '' || options.some(({ value }) => value === chosen)) return options
  return [...options, { value: chosen, label: chosen }]
}
