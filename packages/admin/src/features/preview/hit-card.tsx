import { Anchor, Badge, Button, Group, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { SearchIdentifier } from '../../graphql/generated/graphql.ts'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { FieldsList } from './fields-list.tsx'
import { usePreviewState } from './preview-context.ts'
import classes from './preview-panel.module.css'

const HitCard_Hit = graphql(`
  fragment HitCard_Hit on SearchHit {
    matchedBy
    matchedField
    exact
    alreadyTagged
    actions
    record {
      id
      name
      url
      entityType { id displayName }
      columns: fields(view: SEARCH) { name label value }
      details: fields(view: DETAIL) { name label value }
    }
  }
`)

const nouns: Record<SearchIdentifier, string> = {
  PHONE: 'phone',
  EMAIL: 'e-mail',
  FULL_NAME: 'full name',
  ACCOUNT_ID: 'account id',
  TERM: 'what was typed',
}

interface HitCardProps {
  hit: FragmentType<typeof HitCard_Hit>
  /** Shows all details, as the match pop-up does. */
  detailed?: boolean
}

/** A record that was found: why, its columns, and what an agent can do with it. */
export function HitCard({ hit, detailed = false }: HitCardProps) {
  const { record, matchedBy, matchedField, exact, alreadyTagged, actions } = readFragment(HitCard_Hit, hit)
  const { choose, show } = usePreviewState()
  const [opened, { toggle }] = useDisclosure(detailed)
  const { id, name, url, entityType, columns, details } = record
  const field = matchedField ? ` (${matchedField})` : ''

  return (
    <li className={classes['card']} aria-label={name}>
      <Group justify="space-between" gap="xs">
        <Title order={3} size="h5">
          {name}
        </Title>
        <Badge color="gray">{entityType.displayName}</Badge>
      </Group>
      <Text size="xs" c="dimmed">
        Found by {nouns[matchedBy]}
        {field}
        {exact ? ' · exact' : ' · similar'}
        {alreadyTagged && ' · tagged already'}
      </Text>
      {opened ? (
        <FieldsList label={`Details of ${name}`} fields={details} />
      ) : (
        <FieldsList label={`Columns of ${name}`} fields={columns} />
      )}
      <Group gap="xs">
        {actions.includes('TAG') && (
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              choose([{ id, name }])
              show('TAG')
            }}
          >
            Tag
          </Button>
        )}
        {actions.includes('DETAIL') && !detailed && (
          <Button size="compact-sm" variant="default" aria-expanded={opened} onClick={toggle}>
            Details
          </Button>
        )}
        {actions.includes('OPEN') && (
          <Anchor href={url} target="_blank" rel="noreferrer" size="sm">
            Open in the CRM
          </Anchor>
        )}
      </Group>
    </li>
  )
}
