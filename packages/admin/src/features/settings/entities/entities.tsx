import { Group, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { Entities_IntegrationFragment } from '../../../graphql/generated/graphql.ts'
import { graphql, readFragment } from '../../../graphql/generated/index.ts'
import { AnchorLink, ButtonLink } from '../../../ui/link.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { SortableList } from '../../../ui/sortable-list.tsx'
import { CheckNote } from '../check-note.tsx'
import { useSettings } from '../settings-context.ts'
import { useFocusOfHash } from '../use-focus-of-hash.ts'
import { useSave } from '../use-save.ts'
import { Entities_Integration } from './entity-rows.ts'
import { RemoveEntity } from './remove-entity.tsx'

const Entities_Reorder = graphql(`
  mutation Entities_Reorder($integrationId: ID!, $expectedVersion: Int!, $ids: [ID!]!) {
    result: reorderEntities(integrationId: $integrationId, expectedVersion: $expectedVersion, ids: $ids) {
      ...SettingsOutcome
    }
  }
`)

type EntityRow = Entities_IntegrationFragment['entityTypes'][number]

const nameOf = ({ displayName }: EntityRow) => displayName
const textOf = ({ displayName, name }: EntityRow) => `${displayName} ${name}`

/** What agents can work with: the three entity types that every CRM has, and those that the admin adds. */
export function Entities() {
  const {
    id: integrationId,
    name,
    entityTypes,
    settings,
  } = readFragment(Entities_Integration, useSettings().integration)
  const save = useSave()
  useFocusOfHash()
  const defaults = entityTypes.filter(({ kind }) => kind !== 'CUSTOM')
  const added = entityTypes.filter(({ kind }) => kind === 'CUSTOM')

  async function reorder(ids: string[]) {
    const variables = { integrationId, expectedVersion: settings.version, ids }
    const outcome = await save(Entities_Reorder, variables, ({ result }) => result, { done: 'The order is saved.' })
    return outcome.kind === 'SAVED'
  }
  const idsOf = (rows: readonly EntityRow[]) => rows.map(({ id }) => id)
  const row = (entityType: EntityRow) => <Row integrationId={integrationId} entityType={entityType} />

  return (
    <Stack>
      <Group justify="space-between" align="start">
        <PageTitle title="Entities" about={`What agents search, create, tag and open in ${name}.`} />
        <ButtonLink
          id="add"
          to="/settings/$integrationId/entities/new"
          params={{ integrationId }}
          leftSection={<IconPlus size={16} aria-hidden />}
        >
          Add entity
        </ButtonLink>
      </Group>
      <Stack component="section" gap="xs" aria-labelledby="default-entities">
        <Title order={2} size="h4" id="default-entities">
          Default entities
        </Title>
        <SortableList
          label="Default entities"
          items={defaults}
          itemName={nameOf}
          renderItem={row}
          onReorder={(ids) => reorder([...ids, ...idsOf(added)])}
        />
      </Stack>
      <Stack component="section" gap="xs" aria-labelledby="added-entities">
        <Title order={2} size="h4" id="added-entities">
          Added entities
        </Title>
        {added.length === 0 ? (
          <Text c="dimmed">
            None yet. Add one, such as opportunities or tasks, and agents search, create, tag and open its records like
            those of the default ones.
          </Text>
        ) : (
          <SortableList
            label="Added entities"
            items={added}
            itemName={nameOf}
            searchText={textOf}
            renderItem={row}
            onReorder={(ids) => reorder([...idsOf(defaults), ...ids])}
          />
        )}
      </Stack>
    </Stack>
  )
}

interface RowProps {
  integrationId: string
  entityType: EntityRow
}

function Row({ integrationId, entityType }: RowProps) {
  const { id, kind, name, displayName, primaryField, primaryFieldLabel, searchable, creatable, check } = entityType
  const closed = [!searchable && 'not searched', !creatable && 'not created'].filter(Boolean)
  return (
    <Group justify="space-between" gap="xs" wrap="nowrap">
      <div>
        <AnchorLink
          id={id}
          to="/settings/$integrationId/entities/$entityTypeId"
          params={{ integrationId, entityTypeId: id }}
        >
          {displayName}
        </AnchorLink>
        <Text size="sm" c="dimmed">
          {[name, `${primaryFieldLabel} (${primaryField})`, ...closed].join(' · ')}
        </Text>
        <CheckNote id={id} check={check} />
      </div>
      {kind === 'CUSTOM' && <RemoveEntity id={id} displayName={displayName} />}
    </Group>
  )
}
