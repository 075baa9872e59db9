import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useClient } from 'urql'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { RefusalNote } from '../../ui/refusal-note.tsx'
import { tellDone } from '../../ui/tell.ts'
import { useFocusOnFault } from '../../ui/use-focus-on-fault.ts'
import { type ConnectMethod, type ConnectOutcome, connect } from './connect.ts'
import { ConnectInput } from './connect-input.tsx'

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

/** The connect form, drawn from what the gateway says of the CRM: first how, then what that way needs. */
export function ConnectForm({ provider, integration, onConnected }: ConnectFormProps) {
  const descriptor = readFragment(ConnectForm_Provider, provider)
  const client = useClient()
  const [only, ...others] = descriptor.methods
  const [methodKey, setMethodKey] = useState(others.length === 0 ? (only?.key ?? null) : null)
  const [address, setAddress] = useState(integration?.url ?? '')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Extract<ConnectOutcome, { kind: 'REFUSED' }> | null>(null)
  const form = useFocusOnFault(refused)
  const method = descriptor.methods.find((it) => it.key === methodKey)

  function choose(key: string) {
    setRefused(null)
    setMethodKey(key)
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (!method) return
    setBusy(true)
    setRefused(null)
    const values = valuesOf(new FormData(event.currentTarget), method)
    const outcome = await connect(client, descriptor.provider, method, values, integration?.id ?? null)
    // The browser is on its way to the CRM: the button stays as it is until the page is gone.
    if (outcome.kind === 'REDIRECT') return window.location.assign(outcome.url)
    setBusy(false)
    if (outcome.kind === 'REFUSED') return setRefused(outcome)
    tellDone(`${outcome.name} is connected.`)
    onConnected()
  }

  return (
    <form ref={form} noValidate onSubmit={(event) => void submit(event)}>
      <Stack>
        {integration && (
          <Text size="sm">{integration.name} keeps its settings, and what waits for it is delivered.</Text>
        )}
        {others.length > 0 && (
          <Radio.Group label="Where is it, and how do you connect?" value={methodKey} onChange={choose}>
            <Stack gap="sm" mt="xs">
              {descriptor.methods.map(({ key, label, help }) => (
                <Radio key={key} value={key} label={label} description={help} />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {others.length === 0 && method?.help && <Text size="sm">{method.help}</Text>}
        {method?.fields.map((field) => (
          <ConnectInput
            key={`${method.key} ${field.name}`}
            methodKey={method.key}
            field={field}
            address={address}
            onAddress={setAddress}
            error={refused?.fields[field.name]}
          />
        ))}
        <RefusalNote reason={refused?.message} />
        {busy && (
          <Text size="sm" c="dimmed" role="status">
            {method?.redirects
              ? `Asking ${descriptor.displayName} where you sign in…`
              : `Signing in to ${descriptor.displayName} and looking at the org…`}
          </Text>
        )}
        {method && (
          <Group justify="flex-end">
            <Button type="submit" loading={busy}>
              {method.redirects ? `Go on to ${descriptor.displayName}` : 'Connect'}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}

function valuesOf(form: FormData, { fields }: ConnectMethod): Record<string, string> {
  const values: Record<string, string> = {}
  for (const { name } of fields) {
    const value = form.get(name)
    if (typeof value !== 'string' || value.trim() === '') continue
    // A password may begin or end with a space.
    values[name] = name === 'password' ? value : value.trim()
  }
  return values
}
