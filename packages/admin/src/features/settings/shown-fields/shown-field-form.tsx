import { Alert, NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useCallback, useMemo, useState } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../../../graphql/generated/index.ts'
import { ButtonLink } from '../../../ui/link.tsx'
import { type FieldDescriptor, FieldPicker, useFieldDescriptor } from '../pickers/field-picker.tsx'
import { type Refusal, RowForm } from '../row-form.tsx'
import { useBackToList } from '../use-back-to-list.ts'
import { settingTypeFor, useFieldTypes, useTypeName } from '../use-field-types.ts'
import { useSave } from '../use-save.ts'
import { useUnsaved } from '../use-unsaved.ts'
import { FilterInputs } from './filter-inputs.tsx'
import { mutationsOf } from './mutations.ts'
import { inputOf, type ShownFieldValues, withShownField } from './shown-field-change.ts'
import { type ListName, type ShownField, useShownFields, wordsOf } from './shown-fields.ts'

const ShownFieldForm_Query = graphql(`
  query ShownFieldForm_Query { providers { provider settings { detailFieldLabel } } }
`)

/** Names of inputs as the API has them, which the form has too but for the filter's value. */
const inputs = ['label', 'entityTypeId', 'name', 'fieldType', 'value', 'relatedEntity']

interface ShownFieldFormProps {
  list: ListName
  /** Null: a new one. */
  field: ShownField | null
}

/** The form of a search field or a detail field. */
export function ShownFieldForm({ list, field }: ShownFieldFormProps) {
  const { integrationId, entityTypes, version, fields } = useShownFields(list)
  const { path, noun, labelHelp, typeLabel } = wordsOf[list]
  const fieldTypes = useFieldTypes()
  const typeName = useTypeName()
  const labelOfLabel = useLabelOfLabel(list)
  const backToList = useBackToList(path, integrationId)
  const save = useSave()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const form = useForm<ShownFieldValues>({ initialValues: valuesOf(field, entityTypes[0]?.id ?? '') })
  const { values, setValues } = form
  const entityName = entityTypes.find(({ id }) => id === values.entityTypeId)?.name ?? ''
  const descriptor = useFieldDescriptor(entityName, values.name)
  const twin = fields.find(
    (it) => it.id !== field?.id && it.entityType.id === values.entityTypeId && it.name === values.name.trim(),
  )

  const types = fieldTypes.map(({ type }) => type)
  // A type that another way of changing the settings allows stays to be seen.
  const shownTypes = types.includes(values.fieldType) ? types : [...types, values.fieldType]
  const typeOptions = shownTypes.map((type) => ({ value: type, label: typeName(type) }))

  const isDirty = form.isDirty()
  const change = useMemo(() => {
    if (!isDirty) return null
    return withShownField(list, entityName, values, field && { entityType: field.entityType.name, name: field.name })
  }, [isDirty, list, entityName, values, field])
  useUnsaved(change)

  // The org says the type of a field that it knows, and what people call it unless that was written already.
  const pickField = useCallback(
    (name: string, known: FieldDescriptor | null) =>
      setValues((now) => {
        if (known === null) return { name }
        const fieldType = settingTypeFor(known.type, fieldTypes)
        const relatedEntity = known.targets[0] ?? ''
        return { name, label: now.label?.trim() || known.label, relatedEntity, ...(fieldType && { fieldType }) }
      }),
    [setValues, fieldTypes],
  )

  async function submit() {
    setBusy(true)
    const variables = { expectedVersion: version, field: inputOf(values) }
    const options = { done: `${values.label} is saved.`, fields: inputs }
    const { add, update } = mutationsOf[list]
    const outcome = field
      ? await save(update, { id: field.id, ...variables }, ({ result }) => result, options)
      : await save(add, { integrationId, ...variables }, ({ result }) => result, options)
    setBusy(false)
    if (outcome.kind === 'SAVED') return backToList(outcome.changedId)
    const { value: filterValue, ...faults } = outcome.kind === 'REFUSED' ? outcome.fields : {}
    form.setErrors({ ...faults, ...(filterValue !== undefined && { filterValue }) })
    setRefusal({ message: outcome.message })
  }

  return (
    <RowForm
      title={field ? `Edit ${noun} ${field.label}` : `Add ${noun}`}
      submitLabel={field ? 'Save' : `Add ${noun}`}
      busy={busy}
      refusal={refusal}
      onSubmit={() => void submit()}
      cancel={
        <ButtonLink to={path} params={{ integrationId }} hash={field?.id ?? 'add'} variant="default">
          Cancel
        </ButtonLink>
      }
    >
      <NativeSelect
        label="Entity Type"
        required
        data={entityTypes.map(({ id, displayName }) => ({ value: id, label: displayName }))}
        {...form.getInputProps('entityTypeId')}
      />
      <FieldPicker
        key={entityName}
        entityName={entityName}
        label="Field Name"
        description="Search by label or name. It must be spelled exactly as in the CRM."
        required
        value={values.name}
        onChange={pickField}
        error={messageOf(form.errors['name'])}
      />
      {twin && (
        <Alert color="orange" role="status">
          {twin.label} is a {noun} of {twin.name} already.
        </Alert>
      )}
      <TextInput label={labelOfLabel} description={labelHelp} required {...form.getInputProps('label')} />
      <NativeSelect
        label={typeLabel}
        description="The field's type in the CRM."
        required
        data={typeOptions}
        {...form.getInputProps('fieldType')}
      />
      <FilterInputs form={form} options={descriptor?.options ?? []} />
    </RowForm>
  )
}

function valuesOf(field: ShownField | null, firstEntityTypeId: string): ShownFieldValues {
  return {
    label: field?.label ?? '',
    entityTypeId: field?.entityType.id ?? firstEntityTypeId,
    name: field?.name ?? '',
    fieldType: field?.fieldType ?? 'TEXT',
    filtered: Boolean(field?.filter),
    filterValue: field?.filter?.value ?? '',
    relatedEntity: field?.filter?.relatedEntity ?? '',
  }
}

/** Dynamics calls the label of a detail field only "Label". */
function useLabelOfLabel(list: ListName): string {
  const { provider } = useShownFields(list)
  const [{ data }] = useQuery({ query: ShownFieldForm_Query })
  if (list === 'searchFields') return 'Field Label'
  return data?.providers.find((it) => it.provider === provider)?.settings.detailFieldLabel ?? 'Field Label'
}

const messageOf = (error: unknown) => (typeof error === 'string' ? error : undefined)
