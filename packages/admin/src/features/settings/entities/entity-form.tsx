import { Switch, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useCallback, useMemo, useState } from 'react'
import { useQuery } from 'urql'
import type { Entities_IntegrationFragment } from '../../../graphql/generated/graphql.ts'
import { graphql, readFragment } from '../../../graphql/generated/index.ts'
import { AnchorLink, ButtonLink } from '../../../ui/link.tsx'
import { type EntityDescriptor, EntityPicker } from '../pickers/entity-picker.tsx'
import { type FieldDescriptor, FieldPicker } from '../pickers/field-picker.tsx'
import { type Refusal, RowForm } from '../row-form.tsx'
import { useSettings } from '../settings-context.ts'
import { useBackToList } from '../use-back-to-list.ts'
import { useSave } from '../use-save.ts'
import { useUnsaved } from '../use-unsaved.ts'
import { type EntityValues, withEntity } from './entity-change.ts'
import { Entities_Integration, Entities_Provider } from './entity-rows.ts'

const EntityForm_Add = graphql(`
  mutation EntityForm_Add($input: AddEntityInput!) { result: addEntity(input: $input) { ...SettingsOutcome } }
`)

const EntityForm_Update = graphql(`
  mutation EntityForm_Update($input: UpdateEntityInput!) { result: updateEntity(input: $input) { ...SettingsOutcome } }
`)

const list = '/settings/$integrationId/entities'
const inputs = ['name', 'displayName', 'primaryField', 'primaryFieldLabel', 'searchable', 'creatable']

interface EntityFormProps {
  /** Null: a new one. */
  entityType: Entities_IntegrationFragment['entityTypes'][number] | null
}

/** What agents see of an entity type, and what they may do with it. */
export function EntityForm({ entityType }: EntityFormProps) {
  const { id: integrationId, provider, settings } = readFragment(Entities_Integration, useSettings().integration)
  const hasSearchSwitch = useSearchSwitch(provider)
  const backToList = useBackToList(list, integrationId)
  const save = useSave()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const isDefault = entityType !== null && entityType.kind !== 'CUSTOM'
  const form = useForm<EntityValues>({ initialValues: entityType ? valuesOf(entityType) : blank })
  const { values, setValues } = form

  const before = entityType?.name ?? null
  const isDirty = form.isDirty()
  useUnsaved(useMemo(() => (isDirty ? withEntity(before, values) : null), [isDirty, before, values]))

  // A name that the org knows brings what people call it along, unless another was written.
  const pickEntity = useCallback(
    (name: string, descriptor: EntityDescriptor | null) =>
      setValues((now) => ({
        name,
        ...(descriptor && {
          displayName: now.displayName?.trim() || descriptor.label,
          creatable: descriptor.creatable,
        }),
      })),
    [setValues],
  )
  const pickField = useCallback(
    (primaryField: string, descriptor: FieldDescriptor | null) =>
      setValues((now) => ({
        primaryField,
        ...(descriptor && { primaryFieldLabel: now.primaryFieldLabel?.trim() || descriptor.label }),
      })),
    [setValues],
  )

  async function submit() {
    setBusy(true)
    const { name, searchable, ...rest } = values
    const input = { ...rest, expectedVersion: settings.version, ...(hasSearchSwitch && { searchable }) }
    const options = { done: `${values.displayName} is saved.`, fields: inputs }
    const outcome = entityType
      ? await save(EntityForm_Update, { input: { id: entityType.id, ...input } }, ({ result }) => result, options)
      : await save(EntityForm_Add, { input: { integrationId, name, ...input } }, ({ result }) => result, options)
    setBusy(false)
    if (outcome.kind === 'SAVED') return backToList(outcome.changedId)
    form.setErrors(outcome.kind === 'REFUSED' ? outcome.fields : {})
    setRefusal({ message: outcome.message })
  }

  return (
    <RowForm
      title={entityType ? `Edit entity ${entityType.displayName}` : 'Add entity'}
      submitLabel={entityType ? 'Save' : 'Add entity'}
      busy={busy}
      refusal={refusal}
      onSubmit={() => void submit()}
      cancel={
        <ButtonLink to={list} params={{ integrationId }} hash={entityType?.id ?? 'add'} variant="default">
          Cancel
        </ButtonLink>
      }
    >
      <EntityPicker
        label="Entity Name"
        description={
          entityType
            ? 'An entity keeps its name. For another one, add another entity.'
            : 'Search by label or name. It must be spelled exactly as in the CRM.'
        }
        required
        disabled={entityType !== null}
        value={values.name}
        onChange={pickEntity}
        error={errorOf(form.errors['name'])}
      />
      <TextInput
        label="Entity Display Name"
        description="What agents see."
        required
        {...form.getInputProps('displayName')}
      />
      <FieldPicker
        entityName={values.name}
        label="Primary Field Name"
        description="The field that names a record. It must be spelled exactly as in the CRM."
        required
        disabled={isDefault || values.name === ''}
        value={values.primaryField}
        onChange={pickField}
        error={errorOf(form.errors['primaryField'])}
      />
      <TextInput
        label="Primary Field Display Name"
        description="What agents see of that field."
        required
        {...form.getInputProps('primaryFieldLabel')}
      />
      {isDefault ? (
        <Text size="sm">
          Whether agents may search and create it is set under{' '}
          <AnchorLink to="/settings/$integrationId/integration" params={{ integrationId }}>
            Integration settings
          </AnchorLink>
          .
        </Text>
      ) : (
        <>
          {hasSearchSwitch && (
            <Switch
              label="Allow Record Search"
              description="Agents search its records, and have a tab of them."
              {...form.getInputProps('searchable', { type: 'checkbox' })}
            />
          )}
          <Switch
            label="Allow Record Creation"
            description="Agents have a form that makes new ones."
            {...form.getInputProps('creatable', { type: 'checkbox' })}
          />
        </>
      )}
    </RowForm>
  )
}

const blank: EntityValues = {
  name: '',
  displayName: '',
  primaryField: '',
  primaryFieldLabel: '',
  searchable: true,
  creatable: true,
}

function valuesOf(entityType: NonNullable<EntityFormProps['entityType']>): EntityValues {
  const { name, displayName, primaryField, primaryFieldLabel, searchable, creatable } = entityType
  return { name, displayName, primaryField, primaryFieldLabel, searchable, creatable }
}

/** Whether added entity types can be closed to search in this CRM. */
function useSearchSwitch(provider: string): boolean {
  const [{ data }] = useQuery({ query: Entities_Provider })
  return data?.providers.find((it) => it.provider === provider)?.settings.entitySearchSwitch ?? false
}

const errorOf = (error: unknown) => (typeof error === 'string' ? error : undefined)
