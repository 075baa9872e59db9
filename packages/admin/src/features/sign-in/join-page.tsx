import { Button, Text } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { type Done, postAuth, type Refusal, textOf } from '../../auth/auth-client.ts'
import { ButtonLink } from '../../ui/link.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { EntryFrame } from './entry-frame.tsx'
import { useHashSecret } from './hash-secret.ts'
import { NewAccountForm } from './new-account-form.tsx'

/** Where the link of an invite leads: to whom one is invited, and an account of one's own. */
export function JoinPage() {
  const token = useHashSecret()
  const [invite, setInvite] = useState<Done | Refusal | null>(null)
  const ask = useCallback(async () => setInvite(await postAuth('/invite', { token })), [token])

  useEffect(() => {
    if (token !== '') void ask()
  }, [token, ask])

  if (token === '') {
    return (
      <EntryFrame title="Follow the link of your invite">
        <Text>Open the link that you were given once more: this page forgets it when it is loaded again.</Text>
        <ButtonLink to="/sign-in" variant="default">
          Sign in
        </ButtonLink>
      </EntryFrame>
    )
  }
  if (invite === null) {
    return (
      <EntryFrame title="Your invite">
        <Waiting />
      </EntryFrame>
    )
  }
  if (invite.kind === 'REFUSED') {
    return (
      <EntryFrame title="This invite does not open">
        <Text role="alert">{invite.message}</Text>
        {invite.code.startsWith('INVITE_') ? (
          <ButtonLink to="/sign-in" variant="default">
            Sign in
          </ButtonLink>
        ) : (
          <Button onClick={() => void ask()}>Try again</Button>
        )}
      </EntryFrame>
    )
  }
  const role = textOf(invite.answer, 'role') === 'OWNER' ? 'an owner' : 'an admin'
  return (
    <EntryFrame
      title={`Join ${textOf(invite.answer, 'workspaceName')}`}
      about={`${textOf(invite.answer, 'invitedBy')} invites you to be ${role}.`}
    >
      <NewAccountForm
        email={textOf(invite.answer, 'email')}
        label="Join"
        onSubmit={({ name, password }) => postAuth('/join', { token, name, password })}
      />
    </EntryFrame>
  )
}
