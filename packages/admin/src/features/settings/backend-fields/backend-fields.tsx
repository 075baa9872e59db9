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
import { BackendFields_Integration } from './backend-rows.ts'

const BackendFields_Reorder = graphql(`
  mutation BackendFields_Reorder($integrationId: ID!, $expectedVersion: Int!, $ids: [ID!]!) {
    result: reorderBackendFields(integrationId: $integrationId, expectedVersion: $expectedVersion, ids: $ids) {
      ...SettingsOutcome
    }
  }
`)

const BackendFields_Remove = graphql(`
  mutation BackendFields_Remove($id: ID!, $expectedVersion: Int!) {
    result: removeBackendField(id: $id, expectedVersion: $expectedVersion) { ...SettingsOutcome }
  }
`)

/** Fields of the CRM that are written whenever a record is made or tagged. */
export function BackendFields() {
  const integration = readFragment(BackendFields_Integration, useSettings().integration)
  const { id: integrationId, entityTypes, settings } = integration
  const rules = useFieldRules('BACKEND')
  const save = useSave()
  useFocusOfHash()
  const expectedVersion = settings.version

  async function reorder(ids: string[]) {
    const variables = { integrationId, expectedVersion, ids }
    const outcome = await save(BackendFields_Reorder, variables, ({ result }) => result, {
      done: 'The order is saved.',
    })
    return outcome.kind === 'SAVED'
  }
  async function remove(id: string) {
    const variables = { id, expectedVersion }
    const outcome = await save(BackendFields_Remove, variables, ({ result }) => result, {
      done: 'The field is removed.',
    })
    return outcome.kind === 'SAVED' ? null : (outcome.message ?? 'It could not be removed.')
  }

  if (rules === null) return <Waiting />
  const groups = [...entityTypes, null]
    .map((entityType) => ({
      entityType,
      fields: settings.backendFields.filter((field) => (field.entityType?.id ?? null) === (entityType?.id ?? null)),
    }))
    .filter(({ fields }) => fields.length > 0)

  return (
    <Stack>
      <Group justify="space-between" align="start">
        <PageTitle
          title="Backend fields"
          about="Fields that are written whenever a record is made or tagged, when a chat ends or an SMS is pushed."
        />
        <ButtonLink
          id="add"
          to="/settings/$integrationId/backend-fields/new"
          params={{ integrationId }}
          leftSection={<IconPlus size={16} aria-hidden />}
        >
          Add backend field
        </ButtonLink>
      </Group>
      {settings.backendFields.length === 0 && (
        <Text c="dimmed">
          None yet. Add a field whose value is to be kept up with every chat: always the same one, or one that agents
          give when they make or tag a record.
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
