import { Button, Code, Text } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { type Done, getAuth, isTrue, postAuth, type Refusal } from '../../auth/auth-client.ts'
import { ButtonLink } from '../../ui/link.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { EntryFrame } from './entry-frame.tsx'
import { useHashSecret } from './hash-secret.ts'
import { NewAccountForm } from './new-account-form.tsx'

/** Makes the first owner, where nobody has an account yet. */
export function FirstRunPage() {
  const code = useHashSecret()
  const [state, setState] = useState<Done | Refusal | null>(null)
  const ask = useCallback(async () => setState(await getAuth('/first-run')), [])

  useEffect(() => void ask(), [ask])

  if (state === null) {
    return (
      <EntryFrame title="Welcome to Backchannel">
        <Waiting />
      </EntryFrame>
    )
  }
  if (state.kind === 'REFUSED') {
    return (
      <EntryFrame title="Welcome to Backchannel">
        <Text role="alert">{state.message}</Text>
        <Button onClick={() => void ask()}>Try again</Button>
      </EntryFrame>
    )
  }
  if (!isTrue(state.answer, 'needed')) {
    return (
      <EntryFrame title="The first owner is there" about="Further people come in by an invite of an owner.">
        <ButtonLink to="/sign-in">Sign in</ButtonLink>
      </EntryFrame>
    )
  }
  if (!isTrue(state.answer, 'allowed') && code === '') {
    return (
      <EntryFrame title="Welcome to Backchannel" about="Nobody has an account here yet.">
        <Text>
          The first owner is made at the machine that the server runs on, or by the link that the server has written
          into its log when it started: look there for <Code>/admin/first-run</Code>.
        </Text>
      </EntryFrame>
    )
  }
  return (
    <EntryFrame
      title="Welcome to Backchannel"
      about="Make the account of the first owner. You connect your CRMs next, and can invite others."
    >
      <NewAccountForm
        label="Make my account"
        onSubmit={(account) => postAuth('/first-run', code === '' ? account : { ...account, code })}
      />
    </EntryFrame>
  )
}
