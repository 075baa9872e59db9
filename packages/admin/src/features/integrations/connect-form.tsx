import { Alert, Button, Group, PasswordInput, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useClient } from 'urql'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { tellDone } from '../../ui/tell.ts'
import { type ConnectMethod, type ConnectOutcome, connect } from './connect.ts'

const ConnectForm_Provider = graphql(`
  fragment ConnectForm_Provider on ProviderDescriptor {
    provider
    displayName
    methods {
      key
      label
      help
      redirects
      fields { name label help required secret placeholder }
    }
  }
`)

/** An integration that is to be connected again. */
export interface KnownIntegration {
  id: string
  name: string
  url: string
}

interface ConnectFormProps {
  provider: FragmentType<typeof ConnectForm_Provider>
  /** Null: whatever org the form leads to. */
  integration: KnownIntegration | null
  onConnected: () => void
}

/** The connect form, drawn from what the gateway says of the CRM. */
export function ConnectForm({ provider, integration, onConnected }: ConnectFormProps) {
  const descriptor = readFragment(ConnectForm_Provider, provider)
  const client = useClient()
  const form = useRef<HTMLFormElement>(null)
  const [methodKey, setMethodKey] = useState(descriptor.methods[0]?.key ?? '')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Extract<ConnectOutcome, { kind: 'REFUSED' }> | null>(null)
  const method = descriptor.methods.find((it) => it.key === methodKey)

  useEffect(() => {
    if (refused) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [refused])

  if (!method) return null

  async function submit(event: FormEvent<HTMLFormElement>, chosen: ConnectMethod) {
    event.preventDefault()
    setBusy(true)
    const values = valuesOf(new FormData(event.currentTarget), chosen)
    const outcome = await connect(client, descriptor.provider, chosen, values, integration?.id ?? null)
    // The browser is on its way to the CRM: the button stays as it is until the page is gone.
    if (outcome.kind === 'REDIRECT') return window.location.assign(outcome.url)
    setBusy(false)
    if (outcome.kind === 'REFUSED') return setRefused(outcome)
    tellDone(`${outcome.name} is connected.`)
    onConnected()
  }

  return (
    <form ref={form} onSubmit={(event) => void submit(event, method)}>
      <Stack>
        {descriptor.methods.length > 1 && (
          <SegmentedControl
            aria-label="How to connect"
            orientation="vertical"
            fullWidth
            value={methodKey}
            onChange={setMethodKey}
            data={descriptor.methods.map(({ key, label }) => ({ value: key, label }))}
          />
        )}
        {integration && (
          <Text size="sm">{integration.name} keeps its settings, and what waits for it is delivered.</Text>
        )}
        {method.help && <Text size="sm">{method.help}</Text>}
        {method.fields.map((field) => (
          <ConnectInput
            key={`${method.key} ${field.name}`}
            field={field}
            initial={addressFields.has(field.name) ? integration?.url : undefined}
            error={refused?.fields[field.name]}
          />
        ))}
        {refused?.message && (
          <Alert color="red" role="alert">
            {refused.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            {method.redirects ? `Go on to ${descriptor.displayName}` : 'Connect'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Inputs that ask where the org is, which is known when it is connected again. */
const addressFields: ReadonlySet<string> = new Set(['applicationUrl', 'loginUrl'])

interface ConnectInputProps {
  field: ConnectMethod['fields'][number]
  initial: string | undefined
  error: string | undefined
}

function ConnectInput({ field, initial, error }: ConnectInputProps) {
  const { name, label, help, required, secret, placeholder } = field
  const shown = { label, description: help, placeholder: placeholder ?? undefined, error }
  // A CRM's credentials are not the person's own: nothing to fill in or to remember.
  const props = { ...shown, name, required, defaultValue: initial, autoComplete: 'off' }
  if (name.endsWith('Pem')) return <Textarea {...props} autosize minRows={3} maxRows={8} />
  return secret ? <PasswordInput {...props} /> : <TextInput {...props} />
}

function valuesOf(form: FormData, { fields }: ConnectMethod): Record<string, string> {
  const values: Record<string, string> = {}
  for (const { name } of fields) {
    const value = form.get(name)
    if (typeof value === 'string' && value.trim() !== '') values[name] = value.trim()
  }
  return values
}
