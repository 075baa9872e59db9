import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Done, Refusal } from '../../auth/auth-client.ts'
import { RefusalNote } from '../../ui/refusal-note.tsx'

/** What somebody says of themselves. */
export interface NewAccount {
  name: string
  email: string
  password: string
}

interface NewAccountFormProps {
  /** The address where it is decided already. */
  email?: string
  label: string
  /** Makes the account and signs in. */
  onSubmit: (account: NewAccount) => Promise<Done | Refusal>
}

/** Asks for what an account is made of, and goes into the app once it is made. */
export function NewAccountForm({ email = '', label, onSubmit }: NewAccountFormProps) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm<NewAccount>({
    initialValues: { name: '', email, password: '' },
    // In the order of the inputs: the first faulty one gets the focus.
    validate: {
      email: (text) => (/^\S+@\S+$/.test(text.trim()) ? null : 'Give an e-mail address, such as "ines@example.com".'),
      name: (name) => (name.trim() === '' ? 'Say how your colleagues know you.' : null),
      password: (password) => (password.length < 8 ? 'Choose at least 8 characters.' : null),
    },
  })

  async function submit(account: NewAccount) {
    setBusy(true)
    setProblem(null)
    const result = await onSubmit(account)
    // A fresh page, so that nothing of this one is left in memory; the button stays busy until it is gone.
    if (result.kind === 'DONE') return window.location.assign('/admin/integrations')
    setBusy(false)
    form.setErrors(result.fields)
    const [faulty] = Object.keys(result.fields)
    if (faulty) form.getInputNode(faulty)?.focus()
    else setProblem(result.message)
  }

  return (
    <form
      noValidate
      onSubmit={form.onSubmit(
        (account) => void submit(account),
        (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
      )}
    >
      <Stack>
        <TextInput
          type="email"
          label="E-mail"
          description="You sign in with it."
          autoComplete="username"
          required
          readOnly={email !== ''}
          {...form.getInputProps('email')}
        />
        <TextInput label="Your name" autoComplete="name" required maxLength={100} {...form.getInputProps('name')} />
        <PasswordInput
          label="Password"
          description="8 characters or more. A few words in a row are good and easy to remember."
          autoComplete="new-password"
          required
          maxLength={128}
          {...form.getInputProps('password')}
        />
        <RefusalNote reason={problem} />
        <Button type="submit" loading={busy}>
          {label}
        </Button>
      </Stack>
    </form>
  )
}
