import { Checkbox, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { type Entered, fromLocalMoment, shownValues, toLocalMoment } from './form-values.ts'
import { LookupInput } from './lookup-input.tsx'

export const FormInput_Field = graphql(`
  fragment FormInput_Field on FormField {
    id
    name
    label
    type
    group
    required
    multiple
    maxLength
    minimum
    maximum
    options { value label }
    defaultValue
    placeholder
    help
  }
`)

interface FormInputProps {
  field: FragmentType<typeof FormInput_Field>
  entered: Entered
  onChange: (fieldId: string, values: readonly string[]) => void
  error?: string | undefined
}

const nothing = { value: '', label: '–' }

/** One input of a form, as an agent would see it. */
export function FormInput({ field: masked, entered, onChange, error }: FormInputProps) {
  const field = readFragment(FormInput_Field, masked)
  const { id, label, type, group, required, multiple, maxLength, options, placeholder, help } = field
  const values = shownValues(field, entered)
  const [value = ''] = values
  const set = (next: string) => onChange(id, next === '' ? [] : [next])
  const shown = {
    label,
    required,
    error,
    size: 'xs' as const,
    description: help ?? (maxLength && group !== 'DEFAULT' ? `${maxLength} characters at most` : undefined),
  }
  const typed = { ...shown, placeholder: placeholder ?? undefined, maxLength: maxLength ?? undefined }

  if (type === 'LOOKUP') return <LookupInput {...shown} fieldId={id} value={value} onChange={set} />
  if (multiple) {
    return (
      <Checkbox.Group {...shown} value={[...values]} onChange={(next) => onChange(id, next)}>
        <Stack gap={4} mt={4}>
          {options.map((option) => (
            <Checkbox key={option.value} size="xs" value={option.value} label={option.label} />
          ))}
        </Stack>
      </Checkbox.Group>
    )
  }
  const choices = options.length === 0 && type === 'TWO_OPTIONS' ? yesOrNo : options
  if (choices.length > 0) {
    return (
      <NativeSelect
        {...shown}
        value={value}
        onChange={(event) => set(event.currentTarget.value)}
        data={[nothing, ...choices.map((option) => ({ value: option.value, label: option.label }))]}
      />
    )
  }
  if (type === 'MULTILINE_TEXT') {
    return (
      <Textarea {...typed} autosize minRows={2} value={value} onChange={(event) => set(event.currentTarget.value)} />
    )
  }
  if (type === 'DATE_TIME') {
    return (
      <TextInput
        {...shown}
        type="datetime-local"
        value={toLocalMoment(value)}
        onChange={(event) => set(fromLocalMoment(event.currentTarget.value))}
      />
    )
  }
  return (
    <TextInput
      {...typed}
      type={type === 'DATE' ? 'date' : 'text'}
      inputMode={numbers.has(type) ? 'decimal' : undefined}
      autoComplete="off"
      value={value}
      onChange={(event) => set(event.currentTarget.value)}
    />
  )
}

const yesOrNo = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
]

const numbers: ReadonlySet<string> = new Set(['WHOLE_NUMBER', 'CURRENCY', 'DECIMAL'])
