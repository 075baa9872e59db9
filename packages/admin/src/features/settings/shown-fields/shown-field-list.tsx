import { Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { AnchorLink } from '../../../ui/link.tsx'
import { SortableList } from '../../../ui/sortable-list.tsx'
import { tellProblem } from '../../../ui/tell.ts'
import { CheckNote } from '../check-note.tsx'
import { ListHeader } from '../list-header.tsx'
import { useTypeName } from '../use-field-types.ts'
import { useFocusOfHash } from '../use-focus-of-hash.ts'
import { useSave } from '../use-save.ts'
import { mutationsOf } from './mutations.ts'
import { type ListName, type ShownField, useShownFields, wordsOf } from './shown-fields.ts'

const nameOf = ({ label }: ShownField) => label
const textOf = ({ label, name }: ShownField) => `${label} ${name}`

interface ShownFieldListProps {
  list: ListName
  /** Stands below the title. */
  advice?: ReactNode
}

/** The fields of one list, in order for each entity type. */
export function ShownFieldList({ list, advice }: ShownFieldListProps) {
  const { integrationId, entityTypes, version, fields } = useShownFields(list)
  const { path, title, noun, about, empty } = wordsOf[list]
  const save = useSave()
  useFocusOfHash()

  async function reorder(ids: string[]) {
    const variables = { integrationId, expectedVersion: version, ids }
    const outcome = await save(mutationsOf[list].reorder, variables, ({ result }) => result, {
      done: 'The order is saved.',
    })
    return outcome.kind === 'SAVED'
  }
  async function remove({ id, label }: ShownField) {
    const outcome = await save(mutationsOf[list].remove, { id, expectedVersion: version }, ({ result }) => result, {
      done: `${label} is removed.`,
    })
    if (outcome.kind === 'SAVED') document.getElementById('add')?.focus()
    else if (outcome.message) tellProblem(outcome.message)
  }
  const row = (field: ShownField) => (
    <Row list={list} integrationId={integrationId} field={field} onRemove={() => remove(field)} />
  )
  const groups = entityTypes
    .map((entityType) => ({ ...entityType, rows: fields.filter((it) => it.entityType.id === entityType.id) }))
    .filter(({ rows }) => rows.length > 0)

  return (
    <Stack>
      <ListHeader {...{ title, about, noun, path, integrationId }} />
      {advice}
      {groups.length === 0 && <Text c="dimmed">{empty}</Text>}
      {groups.map(({ id, displayName, rows }) => (
        <Stack key={id} component="section" gap="xs" aria-labelledby={`of-${id}`}>
          <Title order={2} size="h4" id={`of-${id}`}>
            {displayName}
          </Title>
          <SortableList
            label={`${title} of ${displayName}`}
            items={rows}
            itemName={nameOf}
            searchText={textOf}
            renderItem={row}
            onReorder={reorder}
          />
        </Stack>
      ))}
    </Stack>
  )
}

interface RowProps {
  list: ListName
  integrationId: string
  field: ShownField
  onRemove: () => Promise<void>
}

function Row({ list, integrationId, field, onRemove }: RowProps) {
  const { id, label, name, fieldType, filter, check } = field
  const { path, noun } = wordsOf[list]
  const typeName = useTypeName()
  return (
    <Group justify="space-between" gap="xs" wrap="nowrap">
      <div>
        <AnchorLink id={id} to={`${path}/$fieldId`} params={{ integrationId, fieldId: id }}>
          {label}
        </AnchorLink>
        <Text size="sm" c="dimmed">
          {[name, typeName(fieldType), filter && `only ${filter.value}`].filter(Boolean).join(' · ')}
        </Text>
        <CheckNote id={id} check={check} />
      </div>
      <ConfirmButton
        variant="subtle"
        color="red"
        size="compact-sm"
        flex="none"
        label="Remove"
        aria-label={`Remove ${label}`}
        question={`Remove the ${noun} ${label}?`}
        consequence="Nothing changes in the CRM: the field is only no longer shown and searched here."
        onConfirm={onRemove}
      />
    </Group>
  )
}
