import { PasswordInput, Text, Textarea, TextInput } from '@mantine/core'
import { type FocusEvent, useState } from 'react'
import type { ConnectMethod } from './connect.ts'
import { tidyAddress } from './tidy-address.ts'

interface ConnectInputProps {
  methodKey: string
  field: ConnectMethod['fields'][number]
  /** Where the org is, as far as known: it stays when another way of connecting is chosen. */
  address: string
  onAddress: (address: string) => void
  error: string | undefined
}

/** Inputs that ask where the org is. */
const addressFields: ReadonlySet<string> = new Set(['applicationUrl', 'loginUrl'])

/** One input of a connect form; a pasted address is shortened in front of the person when they leave it. */
export function ConnectInput({ methodKey, field, address, onAddress, error }: ConnectInputProps) {
  const { name, label, help, required, secret, placeholder } = field
  const [note, setNote] = useState<string | null>(null)
  const asksAddress = addressFields.has(name)

  function tidy({ currentTarget: input }: FocusEvent<HTMLInputElement>) {
    const tidied = tidyAddress(methodKey, name, input.value)
    if (tidied) input.value = tidied.address
    // What was said of the address that is there now stays.
    if (tidied?.note || input.value !== address) setNote(tidied?.note ?? null)
    onAddress(input.value)
  }

  const description = note ? (
    <>
      {help}{' '}
      <Text component="span" inherit c="var(--mantine-color-text)" role="status">
        {note}
      </Text>
    </>
  ) : (
    help
  )
  const shown = { label, description, placeholder: placeholder ?? undefined, error }
  // A CRM's credentials are not the person's own: nothing to fill in or to remember.
  const props = { ...shown, name, required, autoComplete: 'off' }
  if (name.endsWith('Pem')) return <Textarea {...props} autosize minRows={3} maxRows={8} />
  // Mantine leaves it out here.
  if (secret) return <PasswordInput {...props} autoComplete="new-password" aria-invalid={error !== undefined} />
  return (
    <TextInput {...props} {...(asksAddress && { defaultValue: address, onBlur: tidy, inputMode: 'url' as const })} />
  )
}
