import { Button, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { RefusalNote } from '../../ui/refusal-note.tsx'
import { giveCode, type Problem } from './session.ts'

interface CodeFormProps {
  onDone: () => void
}

/** The second step of signing in, for who has turned the second factor on. */
export function CodeForm({ onDone }: CodeFormProps) {
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>(null)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    const found = await giveCode(code)
    if (found === null) return onDone()
    setProblem(found)
    setBusy(false)
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <RefusalNote reason={problem} />
        <TextInput
          label="Code"
          description="The six digits that your authenticator app shows now, or a backup code."
          autoComplete="one-time-code"
          autoFocus
          required
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy}>
          Go on
        </Button>
        <Text size="sm" c="dimmed">
          Both lost? Whoever runs the server can turn the second factor off for you.
        </Text>
      </Stack>
    </form>
  )
}
