import { PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { postAuth } from '../../auth/auth-client.ts'
import { FormEnd } from '../../ui/form-end.tsx'
import { reloadAccount } from './reload-account.ts'

/** One's own password: the present one proves who asks. */
export function PasswordForm() {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { present: '', wanted: '' },
    validate: {
      present: (text) => (text === '' ? 'Enter your present password.' : null),
      wanted: (text) => (text.length < 8 ? 'Choose at least 8 characters.' : null),
    },
  })

  async function change({ present, wanted }: typeof form.values) {
    setBusy(true)
    setProblem(null)
    const result = await postAuth('/change-password', { currentPassword: present, newPassword: wanted })
    if (result.kind === 'DONE') return void reloadAccount('password')
    setBusy(false)
    if (result.code === 'INVALID_PASSWORD') {
      form.setFieldError('present', 'This is not your present password.')
      form.getInputNode('present')?.focus()
    } else setProblem(result.message)
  }

  return (
    <form
      noValidate
      onSubmit={form.onSubmit(
        (values) => void change(values),
        (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
      )}
    >
      <Stack>
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          required
          {...form.getInputProps('present')}
        />
        <PasswordInput
          label="New password"
          description="8 characters or more. A few words in a row are good and easy to remember."
          autoComplete="new-password"
          required
          maxLength={128}
          {...form.getInputProps('wanted')}
        />
        <FormEnd label="Change the password" busy={busy} refusal={problem} />
      </Stack>
    </form>
  )
}
