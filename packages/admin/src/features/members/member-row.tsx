import { Badge, Group, NativeSelect, Text } from '@mantine/core'
import { useState } from 'react'
import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { Role } from '../../graphql/generated/graphql.ts'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { tellDone, tellProblem } from '../../ui/tell.ts'
import { useViewer } from '../../ui/viewer.ts'
import classes from './members.module.css'
import { labelOf, roles } from './roles.ts'

const MemberRow_User = graphql(`
  fragment MemberRow_User on User {
    id
    name
    email
    role
  }
`)

const MemberRow_ChangeRole = graphql(`
  mutation MemberRow_ChangeRole($userId: ID!, $role: Role!) {
    changeMemberRole(userId: $userId, role: $role) {
      __typename
      ... on MemberSuccess { user { id role } }
      ... on Error { code message }
    }
  }
`)

const MemberRow_Remove = graphql(`
  mutation MemberRow_Remove($userId: ID!) {
    removeMember(userId: $userId) {
      __typename
      ... on Error { code message }
    }
  }
`)

interface MemberRowProps {
  user: FragmentType<typeof MemberRow_User>
  onRemoved: () => void
}

/** One member: what they are, and for an owner what they shall be. */
export function MemberRow({ user, onRemoved }: MemberRowProps) {
  const { id, name, email, role } = readFragment(MemberRow_User, user)
  const client = useClient()
  const viewer = useViewer()
  // Shown at once, and until the gateway has answered.
  const [chosen, setChosen] = useState<Role | null>(null)
  const isViewer = id === viewer.userId

  async function changeRole(wanted: Role) {
    setChosen(wanted)
    const { data, error } = await client.mutation(MemberRow_ChangeRole, { userId: id, role: wanted })
    setChosen(null)
    const result = data?.changeMemberRole
    if (result?.__typename === 'MemberSuccess') tellDone(`${name} is ${withArticle(wanted)} now.`)
    else tellProblem(result?.message ?? sentenceFor(error))
  }

  async function remove() {
    const { data, error } = await client.mutation(MemberRow_Remove, { userId: id })
    const result = data?.removeMember
    if (result?.__typename !== 'MemberSuccess') return tellProblem(result?.message ?? sentenceFor(error))
    tellDone(`${name} is no member any more.`)
    onRemoved()
  }

  return (
    <li className={classes['row']} aria-label={name}>
      <div className={classes['who']}>
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          {isViewer && <Badge>You</Badge>}
        </Group>
        <Text size="sm" c="dimmed">
          {email}
        </Text>
      </div>
      {viewer.role === 'OWNER' ? (
        <Group gap="xs">
          <NativeSelect
            aria-label={`Role of ${name}`}
            data={roles.map(({ value, label }) => ({ value, label }))}
            value={chosen ?? role}
            disabled={chosen !== null}
            onChange={({ currentTarget: { value } }) => void changeRole(value === 'OWNER' ? 'OWNER' : 'ADMIN')}
          />
          <ConfirmButton
            label="Remove"
            variant="subtle"
            color="red"
            aria-label={`Remove ${name}`}
            question={isViewer ? 'Remove yourself?' : `Remove ${name}?`}
            consequence={
              isViewer
                ? 'You are signed out at once and cannot sign in again, unless an owner invites you.'
                : 'They are signed out at once and cannot sign in again, unless they are invited once more. What they set up stays.'
            }
            onConfirm={remove}
          />
        </Group>
      ) : (
        <Text size="sm">{labelOf(role)}</Text>
      )}
    </li>
  )
}

function withArticle(role: Role): string {
  return role === 'OWNER' ? 'an owner' : 'an admin'
}
