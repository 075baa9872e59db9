import { Checkbox, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useCallback, useMemo, useRef, useState } from 'react'
import { ButtonLink } from '../../../ui/link.tsx'
import { type FieldDescriptor, FieldPicker, useFieldDescriptor } from '../pickers/field-picker.tsx'
import { type Refusal, RowForm } from '../row-form.tsx'
import type { DocumentChange } from '../settings-context.ts'
import { useBackToList } from '../use-back-to-list.ts'
import type { SaveOutcome } from '../use-save.ts'
import { useUnsaved } from '../use-unsaved.ts'
import { AgentInputs } from './agent-inputs.tsx'
import { broughtAlong } from './bring-along.ts'
import { ConstantInputs } from './constant-inputs.tsx'
import { errorOf } from './draft-form.ts'
import { ACTIVITY, blankDraft, draftOf, type FieldDraft, type SavedField } from './field-draft.ts'
import { faultsOf, inputNames, placedFaults } from './field-faults.ts'
import { wordsOf } from './list-words.ts'
import { type FieldRules, shapeOf, typeOf } from './shape.ts'
import { VariableInput, VariableTypeInput } from './variable-inputs.tsx'

/** Whose metadata says what the subject of an activity may be. */
const SUBJECT_ENTITY = 'Task'

interface FieldFormProps {
  rules: FieldRules
  integrationId: string
  /** Those that are set up. */
  entityTypes: readonly { id: string; name: string; displayName: string }[]
  /** Null: a new one. */
  field: SavedField | null
  /** @param fields the gateway's names of the inputs that show */
  onSave: (draft: FieldDraft, options: { done: string; fields: string[] }) => Promise<SaveOutcome>
  /** The settings with the field as it is on the form. */
  toChange: (draft: FieldDraft) => DocumentChange
}

/** What is written into one field of the CRM, and where the value comes from; it asks only what the combination takes. */
export function FieldForm({ rules, integrationId, entityTypes, field, onSave, toChange }: FieldFormProps) {
  const { path, noun, when, typeLabel } = wordsOf[rules.list]
  const backToList = useBackToList(path, integrationId)
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const form = useForm<FieldDraft>({
    initialValues: field ? draftOf(field) : { ...blankDraft, entityTypeId: entityTypes[0]?.id ?? '' },
  })
  const { values: entered, setValues } = form
  const isSubject = entered.entityTypeId === ACTIVITY
  const draft = useMemo(
    () => (isSubject ? { ...entered, name: rules.subjectField ?? '' } : entered),
    [entered, isSubject, rules],
  )
  const shape = shapeOf(draft, rules)
  const entityName = isSubject ? SUBJECT_ENTITY : (entityTypes.find(({ id }) => id === draft.entityTypeId)?.name ?? '')
  const [picked, setPicked] = useState<{ entityName: string; field: FieldDescriptor } | null>(null)
  const asked = useFieldDescriptor(entityName, draft.name)
  // What was picked is known already, while the org is still asked about its name: no input turns into another under the hand.
  const isPicked = picked?.entityName === entityName && picked.field.name === draft.name
  const descriptor = asked ?? (isPicked ? picked.field : null)

  const isDirty = form.isDirty()
  useUnsaved(
    useMemo(() => {
      if (!isDirty) return null
      // Half a field is nothing that a preview could show.
      return Object.keys(faultsOf(draft, rules)).length > 0 ? unchanged : toChange(draft)
    }, [isDirty, draft, rules, toChange]),
  )

  const brought = useRef('')
  const pickField = useCallback(
    (name: string, field: FieldDescriptor | null) => {
      const before = brought.current
      if (field) brought.current = field.label
      setPicked(field && { entityName, field })
      setValues((now) => ({
        name,
        ...(field && broughtAlong({ ...blankDraft, ...now }, field, { rules, brought: before })),
      }))
    },
    [setValues, rules, entityName],
  )

  async function submit() {
    const missing = faultsOf(draft, rules)
    form.setErrors(missing)
    if (Object.keys(missing).length > 0) return setRefusal({ message: null })
    setBusy(true)
    const outcome = await onSave(draft, { done: `${draft.name} is saved.`, fields: inputNames(draft, rules) })
    setBusy(false)
    if (outcome.kind === 'SAVED') return backToList(outcome.changedId)
    form.setErrors(outcome.kind === 'REFUSED' ? placedFaults(outcome.fields, draft, rules) : {})
    setRefusal({ message: outcome.message })
  }

  const fixedType = rules.fieldTypes.find(({ type }) => type === typeOf(draft, rules))?.label ?? ''
  return (
    <RowForm
      title={field ? `Edit ${noun} ${field.name}` : `Add ${noun}`}
      about={`Written to the CRM ${when}.`}
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
      <Select
        label="Entity Type"
        required
        allowDeselect={false}
        data={[
          ...entityTypes.map(({ id, displayName }) => ({ value: id, label: displayName })),
          ...(rules.subjectField === null ? [] : [{ value: ACTIVITY, label: 'Activity' }]),
        ]}
        {...form.getInputProps('entityTypeId')}
      />
      {isSubject ? (
        <TextInput
          label={rules.nameLabel}
          description="The one field of an activity that can be set: what is chosen becomes its subject."
          value={draft.name}
          readOnly
          error={errorOf(form, 'name')}
        />
      ) : (
        <FieldPicker
          entityName={entityName}
          label={rules.nameLabel}
          description="Search by label or name. It must be spelled exactly as in the CRM."
          required
          writable
          value={draft.name}
          onChange={pickField}
          error={errorOf(form, 'name')}
        />
      )}
      <VariableTypeInput form={form} rules={rules} types={shape.variableTypes} />
      {shape.fieldType === 'FIXED' && <TextInput label={typeLabel} value={fixedType} readOnly />}
      {shape.fieldType === 'ASKED' && (
        <Select
          label={typeLabel}
          required
          allowDeselect={false}
          data={rules.fieldTypes.map(({ type, label }) => ({ value: type, label }))}
          {...form.getInputProps('fieldType')}
        />
      )}
      {shape.variable && <VariableInput form={form} />}
      <ConstantInputs form={form} rules={rules} descriptor={descriptor} />
      <AgentInputs form={form} rules={rules} descriptor={descriptor} />
      {shape.overwrite && (
        <Checkbox
          label="Overwrite Existing Record"
          description="On: what the field holds is replaced. Off: it is kept, and only an empty field is filled."
          {...form.getInputProps('overwrite', { type: 'checkbox' })}
        />
      )}
    </RowForm>
  )
}

const unchanged: DocumentChange = (document) => document
