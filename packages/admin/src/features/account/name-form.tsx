import { Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { postAuth } from '../../auth/auth-client.ts'
import { FormEnd } from '../../ui/form-end.tsx'
import { tellDone } from '../../ui/tell.ts'

interface NameFormProps {
  name: string
  onChanged: () => void
}

/** One's own name, as colleagues see it beside what one has changed. */
export function NameForm({ name, onChanged }: NameFormProps) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { name },
    validate: { name: (text) => (text.trim() === '' ? 'Say how your colleagues know you.' : null) },
  })

  async function save(values: typeof form.values) {
    setBusy(true)
    setProblem(null)
    const result = await postAuth('/update-user', { name: values.name })
    setBusy(false)
    if (result.kind === 'REFUSED') return setProblem(result.message)
    tellDone('Your name is changed.')
    onChanged()
  }

  return (
    <form noValidate onSubmit={form.onSubmit((values) => void save(values))}>
      <Stack>
        <TextInput label="Your name" autoComplete="name" required maxLength={100} {...form.getInputProps('name')} />
        <FormEnd label="Save the name" busy={busy} refusal={problem} />
      </Stack>
    </form>
  )
}
