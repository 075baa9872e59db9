import { Alert, Button, Center, Paper, PasswordInput, Stack, TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { PageTitle } from '../../ui/page-title.tsx'
import { type Problem, signIn } from './session.ts'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { next } = route.useSearch()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>(null)

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
    <Center mih="100vh" p="md" component="main">
      <Paper withBorder shadow="sm" p="xl" w="100%" maw={420}>
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            <PageTitle title="Sign in" about="Backchannel connects your chats to your CRMs." />
            {problem && (
              <Alert color="red" role="alert">
                {problem}
              </Alert>
            )}
            <TextInput name="email" type="email" label="E-mail" autoComplete="username" required />
            <PasswordInput name="password" label="Password" autoComplete="current-password" required />
            <Button type="submit" loading={busy}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  )
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

/** Only a path of this app. */
function ownPath(next: string | undefined): string {
  return next && /^\/(?!\/)[\w\-/]*$/.test(next) ? next : '/integrations'
}
