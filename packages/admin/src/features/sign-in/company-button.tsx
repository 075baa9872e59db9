import { Button, Divider } from '@mantine/core'
import { useEffect, useState } from 'react'
import { getAuth, postAuth, textOf } from '../../auth/auth-client.ts'
import { RefusalNote } from '../../ui/refusal-note.tsx'
import { ownPath } from './own-path.ts'

interface CompanyButtonProps {
  /** The page to come back to. */
  next: string | undefined
  /** Why nobody came back from there. */
  problem: string | undefined
}

/** Signing in at the company's identity provider, where the server has one. */
export function CompanyButton({ next, problem }: CompanyButtonProps) {
  const [name, setName] = useState('')
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState(problem ? (sentences[problem] ?? sentences['COMPANY_REFUSED'] ?? null) : null)

  useEffect(() => {
    void getAuth('/company').then((result) => {
      if (result.kind === 'DONE') setName(textOf(result.answer, 'name'))
    })
  }, [])

  async function leave() {
    setBusy(true)
    setRefusal(null)
    const result = await postAuth('/company', { next: ownPath(next) })
    if (result.kind === 'DONE') return window.location.assign(textOf(result.answer, 'url'))
    setRefusal(result.code === 'NO_ANSWER' ? NO_COMPANY : result.message)
    setBusy(false)
  }

  if (name === '') return null
  return (
    <>
      <Divider label="or" />
      <RefusalNote reason={refusal} />
      <Button variant="default" loading={busy} onClick={() => void leave()}>
        Sign in with {name}
      </Button>
    </>
  )
}

const NO_COMPANY = 'The sign-in of your company does not answer. Try again, or use a password.'

/** What the server says by a word in the address. */
const sentences: Readonly<Record<string, string>> = {
  COMPANY_NO_MEMBER: 'Nobody here has your e-mail address. Ask an owner of the workspace for an invite.',
  COMPANY_EMAIL_NOT_VERIFIED:
    'Your company does not say that your e-mail address is verified. Ask who runs its sign-in.',
  COMPANY_OTHER_PERSON: 'Somebody else at your company signed in with this e-mail address before. Ask an owner.',
  COMPANY_TRY_ENDED: 'This try has ended, or began in another browser. Try again.',
  COMPANY_REFUSED: 'Your company did not let you in. Try again, or ask who runs its sign-in.',
}
