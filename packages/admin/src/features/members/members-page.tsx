import { Button, Card, Group, Modal, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserPlus } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { RowList } from '../../ui/row-list.tsx'
import { useViewer } from '../../ui/viewer.ts'
import { Waiting } from '../../ui/waiting.tsx'
import { FreshInvite } from './fresh-invite.tsx'
import { InviteForm, type MadeInvite } from './invite-form.tsx'
import { InviteRow } from './invite-row.tsx'
import { MemberRow } from './member-row.tsx'

const MembersPage_Query = graphql(`
  query MembersPage_Query {
    members { id ...MemberRow_User }
    invites { id ...InviteRow_Invite }
  }
`)

/** Who signs in to the workspace, and who was asked to. */
export function MembersPage() {
  const { role } = useViewer()
  const [{ data, fetching, error }, read] = useQuery({ query: MembersPage_Query, requestPolicy: 'cache-and-network' })
  const [opened, { open, close }] = useDisclosure(false)
  // The link stands here alone, and only until it was copied.
  const [made, setMade] = useState<MadeInvite | null>(null)
  const title = useRef<HTMLDivElement>(null)
  const reload = () => read({ requestPolicy: 'network-only' })

  /** The button that had the focus goes with its row. */
  function afterRemoval() {
    title.current?.focus()
    reload()
  }

  return (
    <Stack maw="60rem">
      <Group justify="space-between" align="end">
        <div ref={title} tabIndex={-1}>
          <PageTitle title="Members" about="Everybody who signs in to this workspace." />
        </div>
        {role === 'OWNER' && (
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={open}>
            Invite somebody
          </Button>
        )}
      </Group>
      {role !== 'OWNER' && (
        <Text size="sm">Only owners invite members, change roles and remove members. Ask one of them.</Text>
      )}
      {error && !data && (
        <LoadProblem what="The members" reason={sentenceFor(error)} retrying={fetching} onRetry={reload} />
      )}
      {!data && !error && <Waiting />}
      {data && (
        <Card withBorder p={0}>
          <RowList label="Members">
            {data.members.map((user) => (
              <MemberRow key={user.id} user={user} onRemoved={afterRemoval} />
            ))}
          </RowList>
        </Card>
      )}
      {data && data.members.length === 1 && data.invites.length === 0 && role === 'OWNER' && (
        <Text c="dimmed">
          You are the only one here. Invite a colleague, so that somebody can look after things while you are away.
        </Text>
      )}
      {data && data.invites.length > 0 && (
        <>
          <Title order={2} size="h4" mt="md">
            Invited, not here yet
          </Title>
          <Card withBorder p={0}>
            <RowList label="Invites">
              {data.invites.map((invite) => (
                <InviteRow key={invite.id} invite={invite} onWithdrawn={afterRemoval} />
              ))}
            </RowList>
          </Card>
        </>
      )}
      <Modal
        opened={opened}
        onClose={close}
        title={made ? 'Hand on this link now' : 'Invite somebody'}
        size="lg"
        // Closed by mistake, the link would be lost.
        closeOnEscape={made === null}
        closeOnClickOutside={made === null}
        withCloseButton={made === null}
      >
        {made ? (
          <FreshInvite
            made={made}
            onSent={() => {
              close()
              setMade(null)
            }}
          />
        ) : (
          <InviteForm
            onMade={(invite) => {
              setMade(invite)
              // Also where it was closed meanwhile: the link is seen now or never.
              open()
              reload()
            }}
          />
        )}
      </Modal>
    </Stack>
  )
}
