import { Card, Code, List, Text, Title } from '@mantine/core'
import { useQuery } from 'urql'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { SettingLink } from '../../ui/setting-link.tsx'

const ConversationWhy_Conversation = graphql(`
  fragment ConversationWhy_Conversation on Conversation {
    id
    why { rule text settingId }
  }
`)

const ConversationWhy_Integrations = graphql(`
  query ConversationWhy_Integrations {
    integrations { id settings { __typename id } }
  }
`)

interface ConversationWhyProps {
  conversation: FragmentType<typeof ConversationWhy_Conversation>
}

/** What was tagged by itself and what was not, each with its rule and the way to its setting. */
export function ConversationWhy({ conversation }: ConversationWhyProps) {
  const { why } = readFragment(ConversationWhy_Conversation, conversation)
  const [{ data }] = useQuery({ query: ConversationWhy_Integrations })
  const integrationOf = (settingId: string | null | undefined) =>
    data?.integrations.find(({ settings }) => settings.id === settingId)
  return (
    <Card withBorder component="section" aria-labelledby="conversation-why">
      <Title order={2} size="h4" id="conversation-why" mb="xs">
        Why it is tagged, or not
      </Title>
      {why.length === 0 && <Text c="dimmed">No rule speaks of it: what a person tags is all there is.</Text>}
      <List size="sm" spacing="xs">
        {why.map(({ rule, text, settingId }) => {
          const integration = integrationOf(settingId)
          return (
            <List.Item key={`${rule} ${text}`}>
              {text} <Code>{rule}</Code>{' '}
              {integration && <SettingLink integrationId={integration.id} kind={integration.settings.__typename} />}
            </List.Item>
          )
        })}
      </List>
    </Card>
  )
}
