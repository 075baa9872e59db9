import { Group } from '@mantine/core'
import { postAuth } from '../../auth/auth-client.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { tellProblem } from '../../ui/tell.ts'

/** For whoever has left a session open somewhere, or fears that somebody else has one. */
export function SignOutEverywhere() {
  async function end() {
    const result = await postAuth('/revoke-sessions', {})
    if (result.kind === 'REFUSED') tellProblem(result.message)
    else window.location.assign('/admin/sign-in')
  }

  return (
    <Group>
      <ConfirmButton
        variant="default"
        label="Sign out everywhere"
        question="Sign out everywhere?"
        consequence="All your sessions end within seconds, this one too. Then you sign in again."
        onConfirm={end}
      />
    </Group>
  )
}
