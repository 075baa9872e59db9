import { Group, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { graphql, readFragment } from '../../../graphql/generated/index.ts'
import { ButtonLink } from '../../../ui/link.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { Waiting } from '../../../ui/waiting.tsx'
import { EntityFields } from '../field-values/field-list.tsx'
import { useFieldRules } from '../field-values/use-field-rules.ts'
import { useSettings } from '../settings-context.ts'
import { useFocusOfHash } from '../use-focus-of-hash.ts'
import { useSave } from '../use-save.ts'
import { ExportFields_Integration } from './export-rows.ts'

const ExportFields_Reorder = graphql(`
  mutation ExportFields_Reorder($integrationId: ID!, $expectedVersion: Int!, $ids: [ID!]!) {
    result: reorderExportFields(integrationId: $integrationId, expectedVersion: $expectedVersion, ids: $ids) {
      ...SettingsOutcome
    }
  }
`)

const ExportFields_Remove = graphql(`
  mutation ExportFields_Remove($id: ID!, $expectedVersion: Int!) {
    result: removeExportField(id: $id, expectedVersion: $expectedVersion) { ...SettingsOutcome }
  }
`)

/** Fields of the CRM that are written when a record is made. */
export function ExportFields() {
  const integration = readFragment(ExportFields_Integration, useSettings().integration)
  const { id: integrationId, entityTypes, settings } = integration
  const rules = useFieldRules('EXPORT')
  const save = useSave()
  useFocusOfHash()
  const expectedVersion = settings.version

  async function reorder(ids: string[]) {
    const variables = { integrationId, expectedVersion, ids }
    const outcome = await save(ExportFields_Reorder, variables, ({ result }) => result, { done: 'The order is saved.' })
    return outcome.kind === 'SAVED'
  }
  async function remove(id: string) {
    const variables = { id, expectedVersion }
    const outcome = await save(ExportFields_Remove, variables, ({ result }) => result, {
      done: 'The field is removed.',
    })
    return outcome.kind === 'SAVED' ? null : (outcome.message ?? 'It could not be removed.')
  }

  if (rules === null) return <Waiting />
  const groups = [...entityTypes]
    .map((entityType) => ({
      entityType,
      fields: settings.exportFields.filter((field) => field.entityType.id === entityType.id),
    }))
    .filter(({ fields }) => fields.length > 0)

  return (
    <Stack>
      <Group justify="space-between" align="start">
        <PageTitle title="Export fields" about="Further fields that are written when a record is made." />
        <ButtonLink
          id="add"
          to="/settings/$integrationId/export-fields/new"
          params={{ integrationId }}
          leftSection={<IconPlus size={16} aria-hidden />}
        >
          Add export field
        </ButtonLink>
      </Group>
      {settings.exportFields.length === 0 && (
        <Text c="dimmed">
          None yet. A new record gets its default fields only. Add a field that agents fill in, one that is always the
          same, or one that the chat itself knows, such as the page that the visitor came from.
        </Text>
      )}
      {groups.map(({ entityType, fields }) => (
        <EntityFields
          key={entityType?.id ?? 'activity'}
          rules={rules}
          integrationId={integrationId}
          entityType={entityType}
          fields={fields}
          onReorder={reorder}
          onRemove={remove}
        />
      ))}
    </Stack>
  )
}
