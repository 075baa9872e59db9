import { Alert, Button, Group, PasswordInput, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Client, useClient } from 'urql'
import type { ConnectForm_ProviderFragment, Provider } from '../../graphql/generated/graphql.ts'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { tellDone } from '../../ui/tell.ts'

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

const ConnectForm_ConnectDynamics = graphql(`
  mutation ConnectForm_ConnectDynamics($input: ConnectDynamicsInput!) {
    connectDynamics(input: $input) {
      __typename
      ... on ConnectSuccess { integration { id name } }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
    }
  }
`)

const ConnectForm_BeginSignIn = graphql(`
  mutation ConnectForm_BeginSignIn($input: BeginSignInInput!) {
    beginSignIn(input: $input) {
      __typename
      ... on BeginSignInSuccess { authorizeUrl }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
    }
  }
`)

type Method = ConnectForm_ProviderFragment['methods'][number]
type Values = Record<string, string>

type Outcome =
  | { kind: 'CONNECTED'; name: string }
  | { kind: 'REDIRECT'; url: string }
  | { kind: 'REFUSED'; message: string | null; fields: Values }

interface ConnectFormProps {
  provider: FragmentType<typeof ConnectForm_Provider>
  onConnected: () => void
}

/** The connect form, drawn from what the gateway says of the CRM. */
export function ConnectForm({ provider, onConnected }: ConnectFormProps) {
  const descriptor = readFragment(ConnectForm_Provider, provider)
  const client = useClient()
  const [methodKey, setMethodKey] = useState(descriptor.methods[0]?.key ?? '')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Extract<Outcome, { kind: 'REFUSED' }> | null>(null)
  const method = descriptor.methods.find((it) => it.key === methodKey)
  if (!method) return null

  async function submit(event: FormEvent<HTMLFormElement>, chosen: Method) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const values: Values = {}
    for (const { name } of chosen.fields) {
      const value = form.get(name)
      if (typeof value === 'string' && value.trim() !== '') values[name] = value.trim()
    }
    setBusy(true)
    const outcome = await connect(client, descriptor.provider, chosen, values)
    setBusy(false)
    if (outcome.kind === 'REDIRECT') window.location.assign(outcome.url)
    if (outcome.kind === 'REFUSED') setRefused(outcome)
    if (outcome.kind === 'CONNECTED') {
      tellDone(`${outcome.name} is connected.`)
      onConnected()
    }
  }

  return (
    <form onSubmit={(event) => void submit(event, method)}>
      <Stack>
        {descriptor.methods.length > 1 && (
          <SegmentedControl
            aria-label="How to connect"
            value={methodKey}
            onChange={setMethodKey}
            data={descriptor.methods.map(({ key, label }) => ({ value: key, label }))}
          />
        )}
        {method.help && <Text size="sm">{method.help}</Text>}
        {refused?.message && (
          <Alert color="red" role="alert">
            {refused.message}
          </Alert>
        )}
        {method.fields.map((field) => (
          <ConnectInput key={field.name} field={field} error={refused?.fields[field.name]} />
        ))}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            {method.redirects ? `Go on to ${descriptor.displayName}` : 'Connect'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function ConnectInput({ field, error }: { field: Method['fields'][number]; error: string | undefined }) {
  const { name, label, help, required, secret, placeholder } = field
  const shared = { name, label, required, error, description: help, placeholder: placeholder ?? undefined }
  if (name.endsWith('Pem')) return <Textarea {...shared} autosize minRows={3} maxRows={8} />
  // A secret of the CRM is not the person's own password: nothing to fill in or to remember.
  if (secret) return <PasswordInput {...shared} autoComplete="off" />
  return <TextInput {...shared} autoComplete="off" />
}

async function connect(client: Client, provider: Provider, method: Method, values: Values): Promise<Outcome> {
  if (method.redirects) {
    const input = { ...values, provider, returnTo: '/admin/integrations' }
    const { data, error } = await client.mutation(ConnectForm_BeginSignIn, { input })
    const result = data?.beginSignIn
    if (result?.__typename === 'BeginSignInSuccess') return { kind: 'REDIRECT', url: result.authorizeUrl }
    return refusal(result, error?.message)
  }
  const input = {
    appRegistration: {
      ...values,
      applicationUrl: values.applicationUrl ?? '',
      tenantId: values.tenantId ?? '',
      clientId: values.clientId ?? '',
    },
  }
  const { data, error } = await client.mutation(ConnectForm_ConnectDynamics, { input })
  const result = data?.connectDynamics
  if (result?.__typename === 'ConnectSuccess') return { kind: 'CONNECTED', name: result.integration.name }
  return refusal(result, error?.message)
}

type Refusal = { message?: string; fields?: readonly { path: readonly string[]; message: string }[] }

/** A fault goes to its input; whatever has no input stands above them. */
function refusal(result: Refusal | undefined, fallback: string | undefined): Outcome {
  const fields = Object.fromEntries((result?.fields ?? []).map(({ path, message }) => [path.at(-1) ?? '', message]))
  const message = result?.fields ? null : (result?.message ?? fallback ?? 'The server did not answer.')
  return { kind: 'REFUSED', message, fields }
}
