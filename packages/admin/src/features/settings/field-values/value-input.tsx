import { Autocomplete, MultiSelect, Radio, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core'
import type { FieldType } from '../../../graphql/generated/graphql.ts'
import { useViewer } from '../../../ui/viewer.ts'
import type { FieldDescriptor } from '../pickers/field-picker.tsx'
import { fromLocalTime, toLocalTime } from './zoned-time.ts'

interface ValueInputProps {
  label: string
  fieldType: FieldType
  /** What the org says of the field; null: not known. */
  descriptor: FieldDescriptor | null
  /** As text, the way that the API takes it; blank: none. */
  value: string
  onChange: (value: string) => void
  /** Other values than those of the org may be typed. */
  open?: boolean
  error: string | undefined
}

/** A constant of one value, entered as its type wants it. */
export function ValueInput(props: ValueInputProps) {
  const { fieldType, descriptor, open, ...input } = props
  const { onChange } = input
  const typed = {
    ...input,
    required: true,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  }
  switch (fieldType) {
    case 'TWO_OPTIONS':
      return <YesOrNo {...input} descriptor={descriptor} />
    case 'OPTION_SET':
    case 'STATUS_REASON':
      return <OneOption {...input} descriptor={descriptor} open={open ?? false} />
    case 'DATE':
      return <DateInput {...input} descriptor={descriptor} />
    case 'CURRENCY':
      return <TextInput {...typed} inputMode="decimal" description="A number, with a dot before cents: 1250.50" />
    case 'WHOLE_NUMBER':
      return <TextInput {...typed} inputMode="numeric" description="A number without a fraction." />
    default:
      return descriptor?.type === 'MULTILINE_TEXT' ? (
        <Textarea {...typed} autosize minRows={2} maxRows={10} />
      ) : (
        <TextInput {...typed} />
      )
  }
}

type PartProps = Omit<ValueInputProps, 'fieldType' | 'open'>

function YesOrNo({ label, descriptor, value, onChange, error }: PartProps) {
  const labelOf = (option: string, otherwise: string) =>
    descriptor?.options.find((it) => it.value === option)?.label ?? otherwise
  return (
    <Radio.Group label={label} required value={value} onChange={onChange} error={error}>
      <Stack gap={6} mt={4} mb={error ? 4 : 0}>
        <Radio value="true" label={labelOf('true', 'Yes')} />
        <Radio value="false" label={labelOf('false', 'No')} />
      </Stack>
    </Radio.Group>
  )
}

function OneOption({ label, descriptor, value, onChange, error, open }: PartProps & { open: boolean }) {
  const options = descriptor?.options ?? []
  const input = { label, value, error, required: true }
  if (open) {
    return (
      <Autocomplete
        {...input}
        description="One of those that the org offers, or another where it restricts nothing."
        data={options.map((option) => option.value)}
        onChange={onChange}
      />
    )
  }
  if (options.length === 0) {
    return (
      <TextInput
        {...input}
        description="The value as the CRM keeps it: what the org offers is not known now."
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    )
  }
  // One that the org does not offer any more shows all the same.
  const known = options.some((option) => option.value === value) || value === ''
  const data = known ? [...options] : [...options, { value, label: `${value} (not offered)` }]
  return (
    <Select
      {...input}
      searchable
      nothingFoundMessage="The org offers no such value."
      data={data.map((option) => ({ value: option.value, label: option.label }))}
      value={value || null}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  )
}

function DateInput({ label, descriptor, value, onChange, error }: PartProps) {
  const { timeZone } = useViewer()
  const withTime = descriptor ? descriptor.type === 'DATE_TIME' : value.includes('T')
  if (!withTime) {
    return (
      <TextInput
        type="date"
        label={label}
        required
        value={value.slice(0, 10)}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
    )
  }
  return (
    <TextInput
      type="datetime-local"
      label={label}
      required
      description={`In the time zone of the workspace, ${timeZone}.`}
      value={toLocalTime(value, timeZone)}
      onChange={(event) => onChange(fromLocalTime(event.currentTarget.value, timeZone))}
      error={error}
    />
  )
}

interface ValuesInputProps {
  label: string
  descriptor: FieldDescriptor | null
  values: string[]
  onChange: (values: string[]) => void
  error: string | undefined
}

/** A constant of several options. */
export function ValuesInput({ label, descriptor, values, onChange, error }: ValuesInputProps) {
  const options = descriptor?.options ?? []
  const input = { label, error, onChange, value: values, required: true }
  if (options.length === 0) {
    return <TagsInput {...input} description="The values as the CRM keeps them: press Enter after each." />
  }
  const gone = values.filter((value) => !options.some((option) => option.value === value))
  const data = [...options, ...gone.map((value) => ({ value, label: `${value} (not offered)` }))]
  return (
    <MultiSelect
      {...input}
      searchable
      nothingFoundMessage="The org offers no such value."
      data={data.map((option) => ({ value: option.value, label: option.label }))}
    />
  )
}
