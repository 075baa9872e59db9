import { Text } from '@mantine/core'
import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Moment } from '../../ui/moment.tsx'
import { tellDone, tellProblem } from '../../ui/tell.ts'
import { useViewer } from '../../ui/viewer.ts'
import classes from './members.module.css'
import { labelOf } from './roles.ts'

const InviteRow_Invite = graphql(`
  fragment InviteRow_Invite on Invite {
    id
    email
    role
    invitedBy
    expiresAt
  }
`)

const InviteRow_Withdraw = graphql(`
  mutation InviteRow_Withdraw($id: ID!) {
    withdrawInvite(id: $id) {
      __typename
      ... on Error { code message }
    }
  }
`)

interface InviteRowProps {
  invite: FragmentType<typeof InviteRow_Invite>
  onWithdrawn: () => void
}

/** An invite that nobody has followed yet. */
export function InviteRow({ invite, onWithdrawn }: InviteRowProps) {
  const { id, email, role, invitedBy, expiresAt } = readFragment(InviteRow_Invite, invite)
  const client = useClient()
  const viewer = useViewer()

  async function withdraw() {
    const { data, error } = await client.mutation(InviteRow_Withdraw, { id })
    const result = data?.withdrawInvite
    if (result?.__typename !== 'WithdrawInviteSuccess') return tellProblem(result?.message ?? sentenceFor(error))
    tellDone(`The invite of ${email} is withdrawn.`)
    onWithdrawn()
  }

  return (
    <li className={classes['row']} aria-label={email}>
      <div className={classes['who']}>
        <Text fw={600}>{email}</Text>
        <Text size="sm" c="dimmed">
          {labelOf(role)} · invited by {invitedBy} · works until <Moment at={expiresAt} />
        </Text>
      </div>
      {viewer.role === 'OWNER' && (
        <ConfirmButton
          label="Withdraw"
          variant="subtle"
          color="red"
          aria-label={`Withdraw the invite of ${email}`}
          question={`Withdraw the invite of ${email}?`}
          consequence="The link opens nothing any more. You can invite them again."
          onConfirm={withdraw}
        />
      )}
    </li>
  )
}
