import { TextInput } from '@mantine/core'

interface DayInputProps {
  label: string
  /** Such as "2026-01-31". */
  value: string | undefined
  /** Empty where none is chosen. */
  onChange: (day: string) => void
}

/** A day, as the browser asks for one. */
export function DayInput({ label, value = '', onChange }: DayInputProps) {
  return <TextInput type="date" label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
}
