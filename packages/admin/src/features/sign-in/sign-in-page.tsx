import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { getAuth, isTrue } from '../../auth/auth-client.ts'
import { RefusalNote } from '../../ui/refusal-note.tsx'
import { EntryFrame } from './entry-frame.tsx'
import { ownPath } from './own-path.ts'
import { type Problem, signIn } from './session.ts'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { next, ended } = route.useSearch()
  const navigate = route.useNavigate()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>(null)

  useEffect(() => {
    void getAuth('/first-run').then((result) => {
      if (result.kind === 'DONE' && isTrue(result.answer, 'needed')) void navigate({ to: '/first-run', replace: true })
    })
  }, [navigate])

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setProblem(null)
    const found = await signIn(textOf(form, 'email'), textOf(form, 'password'))
    if (found === null) {
      // A fresh page, so that nothing of an earlier session is left in memory.
      window.location.assign(`/admin${ownPath(next)}`)
    } else {
      setProblem(found)
      setBusy(false)
    }
  }

  return (
    <EntryFrame title="Sign in" about="Backchannel connects your chats to your CRMs.">
      {ended && !problem && (
        <Alert color="blue" role="status" title="You were signed out">
          Your session has ended. Sign in, and you are back where you were.
        </Alert>
      )}
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <RefusalNote reason={problem} />
          <TextInput name="email" type="email" label="E-mail" autoComplete="username" required />
          <PasswordInput name="password" label="Password" autoComplete="current-password" required />
          <Button type="submit" loading={busy}>
            Sign in
          </Button>
        </Stack>
      </form>
    </EntryFrame>
  )
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
