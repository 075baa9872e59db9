import { Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { Role } from '../../graphql/generated/graphql.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { FormEnd } from '../../ui/form-end.tsx'
import { roles } from './roles.ts'

const InviteForm_Invite = graphql(`
  mutation InviteForm_Invite($email: String!, $role: Role!) {
    inviteMember(email: $email, role: $role) {
      __typename
      ... on MemberInvite { url expiresAt invite { id email } }
      ... on Error { code message }
      ... on ValidationError { fields { path message } }
    }
  }
`)

/** An invite that was just made: the only time that its link is seen. */
export interface MadeInvite {
  email: string
  url: string
  expiresAt: string
}

interface InviteFormProps {
  onMade: (made: MadeInvite) => void
}

/** Asks who is to become a member, and what they will be. */
export function InviteForm({ onMade }: InviteFormProps) {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm<{ email: string; role: Role }>({ initialValues: { email: '', role: 'ADMIN' } })

  async function invite(values: typeof form.values) {
    setBusy(true)
    setProblem(null)
    const { data, error } = await client.mutation(InviteForm_Invite, values)
    setBusy(false)
    const result = data?.inviteMember
    if (result?.__typename === 'MemberInvite') {
      return onMade({ email: result.invite.email, url: result.url, expiresAt: result.expiresAt })
    }
    if (result?.__typename !== 'ValidationError') return setProblem(result?.message ?? sentenceFor(error))
    for (const { path, message } of result.fields) form.setFieldError(path.join('.'), message)
    form.getInputNode('email')?.focus()
  }

  return (
    <form noValidate onSubmit={form.onSubmit((values) => void invite(values))}>
      <Stack>
        <TextInput
          type="email"
          label="E-mail"
          description="They will sign in with it."
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('email')}
        />
        <Radio.Group label="Role" {...form.getInputProps('role')}>
          <Stack gap="xs" mt="xs">
            {roles.map(({ value, label, may }) => (
              <Radio key={value} value={value} label={label} description={may} />
            ))}
          </Stack>
        </Radio.Group>
        <FormEnd label="Make the link" busy={busy} refusal={problem} />
      </Stack>
    </form>
  )
}
