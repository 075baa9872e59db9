import { Code, List, Text } from '@mantine/core'
import { useQuery } from 'urql'
import { graphql } from '../../graphql/generated/index.ts'
import { SettingLink } from '../../ui/setting-link.tsx'

const WhyList_Settings = graphql(`
  query WhyList_Settings($ids: [ID!]!) {
    nodes(ids: $ids) { __typename id }
  }
`)

interface WhyListProps {
  why: readonly { rule: string; text: string; settingId?: string | null }[]
  /** Whose settings decided it. */
  integrationId: string
}

/** Each reason with its rule, and the way to the setting that decided it. */
export function WhyList({ why, integrationId }: WhyListProps) {
  const ids = [...new Set(why.flatMap(({ settingId }) => settingId ?? []))]
  const [{ data }] = useQuery({ query: WhyList_Settings, variables: { ids }, pause: ids.length === 0 })
  if (why.length === 0) return <Text c="dimmed">It says so as soon as it falls due.</Text>
  return (
    <List size="sm" spacing="xs">
      {why.map(({ rule, text, settingId }) => {
        const kind = data?.nodes.find((node) => node?.id === settingId)?.__typename
        return (
          <List.Item key={`${rule} ${text}`}>
            {text} <Code>{rule}</Code> {kind && <SettingLink integrationId={integrationId} kind={kind} />}
          </List.Item>
        )
      })}
    </List>
  )
}
