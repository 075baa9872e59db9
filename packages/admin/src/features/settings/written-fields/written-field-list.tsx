import { Stack, Text } from '@mantine/core'
import { Waiting } from '../../../ui/waiting.tsx'
import { EntityFields } from '../field-values/field-list.tsx'
import { wordsOf } from '../field-values/list-words.ts'
import type { FieldList } from '../field-values/shape.ts'
import { useFieldRules } from '../field-values/use-field-rules.ts'
import { ListHeader } from '../list-header.tsx'
import { useFocusOfHash } from '../use-focus-of-hash.ts'
import { useSave } from '../use-save.ts'
import { mutationsOf } from './mutations.ts'
import { useWrittenFields } from './written-fields.ts'

/** The fields of one list, for each entity type, and for the activity behind them. */
export function WrittenFieldList({ list }: { list: FieldList }) {
  const { integrationId, entityTypes, version: expectedVersion, fields } = useWrittenFields(list)
  const { path, title, noun, about, empty } = wordsOf[list]
  const rules = useFieldRules(list)
  const save = useSave()
  useFocusOfHash()

  async function reorder(ids: string[]) {
    const variables = { integrationId, expectedVersion, ids }
    const outcome = await save(mutationsOf[list].reorder, variables, ({ result }) => result, {
      done: 'The order is saved.',
    })
    return outcome.kind === 'SAVED'
  }
  async function remove(id: string) {
    const outcome = await save(mutationsOf[list].remove, { id, expectedVersion }, ({ result }) => result, {
      done: 'The field is removed.',
    })
    return outcome.kind === 'SAVED' ? null : (outcome.message ?? 'It could not be removed.')
  }

  if (rules === null) return <Waiting />
  const groups = [...entityTypes, null]
    .map((entityType) => ({
      entityType,
      rows: fields.filter((field) => (field.entityType?.id ?? null) === (entityType?.id ?? null)),
    }))
    .filter(({ rows }) => rows.length > 0)

  return (
    <Stack>
      <ListHeader {...{ title, about, noun, path, integrationId }} />
      {groups.length === 0 && <Text c="dimmed">{empty}</Text>}
      {groups.map(({ entityType, rows }) => (
        <EntityFields
          key={entityType?.id ?? 'activity'}
          rules={rules}
          integrationId={integrationId}
          entityType={entityType}
          fields={rows}
          onReorder={reorder}
          onRemove={remove}
        />
      ))}
    </Stack>
  )
}
