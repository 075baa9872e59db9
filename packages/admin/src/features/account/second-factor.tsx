import { Text } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { getAuth, isTrue } from '../../auth/auth-client.ts'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { SecondFactorChange } from './second-factor-change.tsx'
import { SecondFactorStart } from './second-factor-start.tsx'

type State =
  | { kind: 'LOADING' }
  | { kind: 'FAILED'; message: string }
  | { kind: 'KNOWN'; on: boolean; possible: boolean }

/** Whether signing in asks for a code of an authenticator app, and how that is changed. */
export function SecondFactor() {
  const [state, setState] = useState<State>({ kind: 'LOADING' })

  const load = useCallback(async () => {
    const result = await getAuth('/second-factor')
    if (result.kind === 'REFUSED') return setState({ kind: 'FAILED', message: result.message })
    setState({ kind: 'KNOWN', on: isTrue(result.answer, 'on'), possible: isTrue(result.answer, 'possible') })
  }, [])
  useEffect(() => void load(), [load])

  if (state.kind === 'LOADING') return <Waiting />
  if (state.kind === 'FAILED') {
    return <LoadProblem what="The second factor" reason={state.message} retrying={false} onRetry={() => void load()} />
  }
  if (!state.possible) {
    return <Text>You sign in at your company, which decides what it asks for besides your password.</Text>
  }
  return (
    <>
      <Text>
        It is <strong>{state.on ? 'on' : 'off'}</strong>.
      </Text>
      {state.on ? <SecondFactorChange /> : <SecondFactorStart />}
    </>
  )
}
