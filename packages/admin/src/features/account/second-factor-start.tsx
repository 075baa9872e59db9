import { Anchor, Code, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { postAuth, textOf, textsOf } from '../../auth/auth-client.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FormEnd } from '../../ui/form-end.tsx'
import { BackupCodes } from './backup-codes.tsx'
import { QrCode } from './qr-code.tsx'
import { reloadAccount } from './reload-account.ts'

interface Begun {
  /** What the app reads from the QR code: `otpauth://…` */
  readonly uri: string
  readonly backupCodes: readonly string[]
}

/** Turning it on: the password, then a code that shows that the app counts the same. */
export function SecondFactorStart() {
  const [begun, setBegun] = useState<Begun | null>(null)
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function send(event: FormEvent, work: () => Promise<string | null>) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    setProblem(await work())
    setBusy(false)
  }

  async function begin(): Promise<string | null> {
    const result = await postAuth('/two-factor/enable', { password: typed })
    if (result.kind === 'REFUSED') return result.code === 'INVALID_PASSWORD' ? WRONG_PASSWORD : result.message
    setBegun({ uri: textOf(result.answer, 'totpURI'), backupCodes: textsOf(result.answer, 'backupCodes') })
    setTyped('')
    return null
  }

  async function confirm(): Promise<string | null> {
    const result = await postAuth('/two-factor/verify-totp', { code: typed })
    if (result.kind === 'DONE') return reloadAccount('second-factor')
    return result.code === 'INVALID_CODE'
      ? 'This is not the code that the app shows now. Try the next.'
      : result.message
  }

  if (!begun) {
    return (
      <form onSubmit={(event) => void send(event, begin)}>
        <Stack>
          <PasswordInput
            label="Your password"
            description="It is asked for so that nobody can do this in your name."
            autoComplete="current-password"
            required
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <FormEnd label="Turn on the second factor" busy={busy} refusal={problem} />
        </Stack>
      </form>
    )
  }
  const secret = new URL(begun.uri).searchParams.get('secret') ?? ''
  return (
    <form onSubmit={(event) => void send(event, confirm)}>
      <Stack>
        <Text>
          Scan this with an authenticator app, or <Anchor href={begun.uri}>open it in one on this device</Anchor>.
        </Text>
        <QrCode text={begun.uri} label="QR code for an authenticator app" />
        <Group gap="xs" wrap="nowrap">
          <Text size="sm">Or type this into the app:</Text>
          <Code aria-label="the secret">{secret}</Code>
          <CopyButton what="the secret" text={secret} />
        </Group>
        <BackupCodes codes={begun.backupCodes} />
        <TextInput
          label="Code of the app"
          description="The six digits that it shows now."
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <FormEnd label="Confirm" busy={busy} refusal={problem} />
      </Stack>
    </form>
  )
}

export const WRONG_PASSWORD = 'This is not your present password.'
