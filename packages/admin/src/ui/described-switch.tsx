import { Switch } from '@mantine/core'
import { useId } from 'react'

interface DescribedSwitchProps {
  label: string
  /** What it does, in a sentence. */
  description: string
  checked: boolean
  onChange: (checked: boolean) => void
}

/** A switch whose name is its label alone: what it does is read after it. */
export function DescribedSwitch({ label, description, checked, onChange }: DescribedSwitchProps) {
  const id = useId()
  return (
    <Switch
      label={label}
      aria-label={label}
      description={<span id={id}>{description}</span>}
      aria-describedby={id}
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  )
}
