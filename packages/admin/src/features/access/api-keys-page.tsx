import { Button, Card, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { LoadProblem } from '../../ui/load-problem.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { RowList } from '../../ui/row-list.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { ApiKeyForm } from './api-key-form.tsx'
import { ApiKeyRow } from './api-key-row.tsx'
import { FreshKey, type MadeKey } from './fresh-key.tsx'

const ApiKeysPage_Query = graphql(`
  query ApiKeysPage_Query {
    apiKeys { id ...ApiKeyRow_Key }
  }
`)

/** The keys of the workspace: made, shown once, and revoked. */
export function ApiKeysPage() {
  const [{ data, fetching, error }, read] = useQuery({ query: ApiKeysPage_Query, requestPolicy: 'cache-and-network' })
  const [opened, { open, close }] = useDisclosure(false)
  // The key stands here alone, and only until the person has stored it.
  const [made, setMade] = useState<MadeKey | null>(null)
  const create = useRef<HTMLButtonElement>(null)
  const [revoked, setRevoked] = useState<string | null>(null)
  const isGone = revoked !== null && data?.apiKeys.some(({ id }) => id === revoked) === false
  const reload = () => read({ requestPolicy: 'network-only' })

  useEffect(() => {
    // The button that had the focus went with its row.
    if (isGone) create.current?.focus()
  }, [isGone])

  return (
    <Stack maw="60rem">
      <Group justify="space-between" align="end">
        <PageTitle
          title="API keys"
          about="With a key, a program of yours talks to Backchannel. Give each program its own."
        />
        <Button ref={create} leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
          Create a key
        </Button>
      </Group>
      {error && !data && (
        <LoadProblem what="The keys" reason={sentenceFor(error)} retrying={fetching} onRetry={reload} />
      )}
      {!data && !error && <Waiting />}
      {data && data.apiKeys.length === 0 && (
        <Card withBorder>
          <Text fw={600}>There is no key yet</Text>
          <Text c="dimmed">
            Create one for the backend of your chat product; it issues the tokens that your agents use.
          </Text>
        </Card>
      )}
      {data && data.apiKeys.length > 0 && (
        <Card withBorder p={0}>
          <RowList label="Keys">
            {data.apiKeys.map((apiKey) => (
              <ApiKeyRow
                key={apiKey.id}
                apiKey={apiKey}
                onRevoked={() => {
                  setRevoked(apiKey.id)
                  reload()
                }}
              />
            ))}
          </RowList>
        </Card>
      )}
      <Modal
        opened={opened}
        onClose={close}
        title={made ? 'Store this key now' : 'Create a key'}
        size="lg"
        // Closed by mistake, the key would be lost.
        closeOnEscape={made === null}
        closeOnClickOutside={made === null}
        withCloseButton={made === null}
      >
        {made ? (
          <FreshKey
            made={made}
            onStored={() => {
              close()
              setMade(null)
            }}
          />
        ) : (
          <ApiKeyForm
            onMade={(it) => {
              setMade(it)
              // Also where it was closed meanwhile: the key is seen now or never.
              open()
              reload()
            }}
          />
        )}
      </Modal>
    </Stack>
  )
}
