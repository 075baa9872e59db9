import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { type FormEvent, lazy, Suspense, useEffect, useState } from 'react'
import { getAuth, isTrue } from '../../auth/auth-client.ts'
import { RefusalNote } from '../../ui/refusal-note.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { CompanyButton } from './company-button.tsx'
import { EntryFrame } from './entry-frame.tsx'
import { ownPath } from './own-path.ts'
import { type Problem, signIn } from './session.ts'

const CodeForm = lazy(() => import('./code-form.tsx').then((it) => ({ default: it.CodeForm })))

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { next, ended, problem: companyProblem } = route.useSearch()
  const navigate = route.useNavigate()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>(null)
  const [asksCode, setAsksCode] = useState(false)

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
    const outcome = await signIn(textOf(form, 'email'), textOf(form, 'password'))
    if (outcome.kind === 'IN') return goOn()
    setBusy(false)
    if (outcome.kind === 'CODE') setAsksCode(true)
    else setProblem(outcome.message)
  }

  // A fresh page, so that nothing of an earlier session is left in memory.
  const goOn = () => window.location.assign(`/admin${ownPath(next)}`)

  if (asksCode) {
    return (
      <EntryFrame title="Sign in" about="Your account asks for a second factor.">
        <Suspense fallback={<Waiting />}>
          <CodeForm onDone={goOn} />
        </Suspense>
      </EntryFrame>
    )
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
      <CompanyButton next={next} problem={companyProblem} />
    </EntryFrame>
  )
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
