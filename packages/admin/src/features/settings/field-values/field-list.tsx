import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useCallback, useMemo, useState } from 'react'
import type { CheckState } from '../../../graphql/generated/graphql.ts'
import { AnchorLink } from '../../../ui/link.tsx'
import { SortableList } from '../../../ui/sortable-list.tsx'
import { CheckNote } from '../check-note.tsx'
import { useTypeName } from '../use-field-types.ts'
import { detailsOf } from './field-details.ts'
import type { SavedField } from './field-draft.ts'
import classes from './field-list.module.css'
import { wordsOf } from './list-words.ts'
import { RemoveField } from './remove-field.tsx'
import type { FieldRules } from './shape.ts'

/** A field with what the org last said of it. */
export type FieldItem = SavedField & { check: CheckState }

interface EntityFieldsProps {
  rules: FieldRules
  integrationId: string
  /** Of whom; null: of the activity. */
  entityType: { id: string; displayName: string } | null
  fields: readonly FieldItem[]
  /** Saves the order of all of them; false: it was not saved. */
  onReorder: (ids: string[]) => Promise<boolean>
  onRemove: (id: string) => Promise<string | null>
}

/** The fields of one entity type: inputs in the order that agents see, then what no agent sees. */
export function EntityFields({ rules, integrationId, entityType, fields, onReorder, onRemove }: EntityFieldsProps) {
  const [removing, setRemoving] = useState<FieldItem | null>(null)
  const inputs = useMemo(() => fields.filter(({ variableType }) => variableType === 'INPUT'), [fields])
  const others = useMemo(() => fields.filter(({ variableType }) => variableType !== 'INPUT'), [fields])
  const name = entityType?.displayName ?? 'Activity'
  const headingId = `fields-of-${entityType?.id ?? 'activity'}`
  const row = useCallback(
    (field: FieldItem) => <FieldRow rules={rules} integrationId={integrationId} field={field} onRemove={setRemoving} />,
    [rules, integrationId],
  )

  return (
    <Stack component="section" gap="xs" aria-labelledby={headingId}>
      <Title order={2} size="h4" id={headingId}>
        {name}
      </Title>
      {inputs.length > 0 && (
        <SortableList
          label={`Input fields of ${name}`}
          items={inputs}
          itemName={titleOf}
          searchText={textOf}
          renderItem={row}
          onReorder={(ids) => onReorder([...ids, ...others.map(({ id }) => id)])}
        />
      )}
      {others.length > 0 && (
        <>
          <Text size="sm" c="dimmed">
            {wordsOf[rules.list].others}
          </Text>
          <ul className={classes['list']} aria-label={`Other fields of ${name}`}>
            {others.map((field) => (
              <li key={field.id} className={classes['item']}>
                {row(field)}
              </li>
            ))}
          </ul>
        </>
      )}
      <RemoveField
        field={removing}
        title={removing ? titleOf(removing) : ''}
        onClose={() => setRemoving(null)}
        onRemove={onRemove}
      />
    </Stack>
  )
}

const titleOf = ({ label, name }: FieldItem) => label ?? name
const textOf = ({ label, name }: FieldItem) => `${label ?? ''} ${name}`

interface FieldRowProps {
  rules: FieldRules
  integrationId: string
  field: FieldItem
  onRemove: (field: FieldItem) => void
}

function FieldRow({ rules, integrationId, field, onRemove }: FieldRowProps) {
  const typeName = useTypeName()
  const { id, name, label, variableType, check } = field
  const kind = { CHAT_VARIABLE: rules.variableLabel, CONSTANT: 'Constant', INPUT: null }[variableType]
  return (
    <div className={classes['row']}>
      <div className={classes['what']}>
        <Group gap="xs">
          <AnchorLink
            id={id}
            to={`${wordsOf[rules.list].path}/$fieldId`}
            params={{ integrationId, fieldId: id }}
            fw={500}
          >
            {titleOf(field)}
          </AnchorLink>
          {kind && <Badge size="sm">{kind}</Badge>}
        </Group>
        <Text size="sm" c="dimmed">
          {[label ? name : null, ...detailsOf(field, typeName)].filter(Boolean).join(' · ')}
        </Text>
        <CheckNote id={id} check={check} />
      </div>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        flex="none"
        aria-label={`Remove ${titleOf(field)}`}
        onClick={() => onRemove(field)}
      >
        Remove
      </Button>
    </div>
  )
}
