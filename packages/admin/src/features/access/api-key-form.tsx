import { Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { Scope } from '../../graphql/generated/graphql.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { FormEnd } from '../../ui/form-end.tsx'
import { useViewer } from '../../ui/viewer.ts'
import { dayAt, endOfDay, isDay } from '../../ui/zoned-day.ts'
import type { MadeKey } from './fresh-key.tsx'
import { scopes } from './scopes.ts'

const ApiKeyForm_Create = graphql(`
  mutation ApiKeyForm_Create($name: String!, $scope: Scope!, $expiresAt: DateTime) {
    createApiKey(name: $name, scope: $scope, expiresAt: $expiresAt) {
      __typename
      ... on CreateApiKeySuccess { key apiKey { id name } }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
    }
  }
`)

interface ApiKeyFormProps {
  onMade: (made: MadeKey) => void
}

/** Asks what a key is for and what it may do. */
export function ApiKeyForm({ onMade }: ApiKeyFormProps) {
  const client = useClient()
  const { timeZone } = useViewer()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm<{ name: string; scope: Scope; lastDay: string }>({
    initialValues: { name: '', scope: 'SERVICE', lastDay: '' },
    validate: { name: (name) => (name.trim() === '' ? 'Say what it is for.' : null) },
  })

  async function create({ name, scope, lastDay }: typeof form.values) {
    setBusy(true)
    setProblem(null)
    const expiresAt = isDay(lastDay) ? endOfDay(lastDay, timeZone) : null
    const { data, error } = await client.mutation(ApiKeyForm_Create, { name: name.trim(), scope, expiresAt })
    setBusy(false)
    const result = data?.createApiKey
    if (result?.__typename === 'CreateApiKeySuccess') return onMade({ name: result.apiKey.name, key: result.key })
    if (result?.__typename !== 'ValidationError') return setProblem(result?.message ?? sentenceFor(error))
    for (const { path, message } of result.fields) {
      form.setFieldError(path.includes('expiresAt') ? 'lastDay' : path.join('.'), message)
    }
  }

  return (
    <form onSubmit={form.onSubmit((values) => void create(values))}>
      <Stack>
        <TextInput
          label="Name"
          description="What it is for, such as “Chat backend, production”."
          required
          data-autofocus
          maxLength={100}
          {...form.getInputProps('name')}
        />
        <Radio.Group label="What it may do" {...form.getInputProps('scope')}>
          <Stack gap="xs" mt="xs">
            {scopes.map(({ scope, label, may }) => (
              <Radio key={scope} value={scope} label={label} description={may} />
            ))}
          </Stack>
        </Radio.Group>
        <TextInput
          type="date"
          label="Last day"
          description="It works to the end of this day. Leave it empty for a key that does not expire."
          min={dayAt(new Date(), timeZone)}
          {...form.getInputProps('lastDay')}
        />
        <FormEnd label="Create the key" busy={busy} refusal={problem} />
      </Stack>
    </form>
  )
}
