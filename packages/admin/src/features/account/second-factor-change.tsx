import { Button, PasswordInput, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { postAuth, textsOf } from '../../auth/auth-client.ts'
import { FormEnd } from '../../ui/form-end.tsx'
import { BackupCodes } from './backup-codes.tsx'
import { reloadAccount } from './reload-account.ts'
import { WRONG_PASSWORD } from './second-factor-start.tsx'

/** Turning it off, and new backup codes: either with the password. */
export function SecondFactorChange() {
  const [password, setPassword] = useState('')
  const [codes, setCodes] = useState<readonly string[]>([])
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function send(path: '/two-factor/generate-backup-codes' | '/two-factor/disable') {
    setBusy(true)
    setProblem(null)
    const result = await postAuth(path, { password })
    setBusy(false)
    if (result.kind === 'REFUSED') {
      return setProblem(result.code === 'INVALID_PASSWORD' ? WRONG_PASSWORD : result.message)
    }
    setPassword('')
    if (path === '/two-factor/disable') reloadAccount('second-factor')
    else setCodes(textsOf(result.answer, 'backupCodes'))
  }

  function turnOff(event: FormEvent) {
    event.preventDefault()
    void send('/two-factor/disable')
  }

  return (
    <form onSubmit={turnOff}>
      <Stack>
        {codes.length > 0 && <BackupCodes codes={codes} />}
        <PasswordInput
          label="Your password"
          description="For new backup codes, which end the earlier ones, and to turn the second factor off."
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <FormEnd label="Turn it off" busy={busy} refusal={problem}>
          <Button
            variant="default"
            disabled={password === '' || busy}
            onClick={() => void send('/two-factor/generate-backup-codes')}
          >
            New backup codes
          </Button>
        </FormEnd>
      </Stack>
    </form>
  )
}
