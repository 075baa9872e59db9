import { useCallback } from 'react'
import { Waiting } from '../../../ui/waiting.tsx'
import type { FieldDraft, SavedField } from '../field-values/field-draft.ts'
import { FieldForm } from '../field-values/field-form.tsx'
import { backendInput, documentField, exportInput } from '../field-values/field-input.ts'
import type { FieldList, FieldRules } from '../field-values/shape.ts'
import { useFieldRules } from '../field-values/use-field-rules.ts'
import { withField } from '../field-values/with-field.ts'
import { RowGone } from '../row-gone.tsx'
import { useSave } from '../use-save.ts'
import { mutationsOf } from './mutations.ts'
import { useWrittenFields } from './written-fields.ts'

export function NewWrittenField({ list }: { list: FieldList }) {
  const rules = useFieldRules(list)
  return rules ? <WrittenFieldForm list={list} rules={rules} field={null} /> : <Waiting />
}

export function EditWrittenField({ list, fieldId }: { list: FieldList; fieldId: string }) {
  const rules = useFieldRules(list)
  const field = useWrittenFields(list).fields.find(({ id }) => id === fieldId)
  if (!field) return <RowGone section={list} />
  return rules ? <WrittenFieldForm key={fieldId} list={list} rules={rules} field={field} /> : <Waiting />
}

interface WrittenFieldFormProps {
  list: FieldList
  rules: FieldRules
  /** Null: a new one. */
  field: SavedField | null
}

function WrittenFieldForm({ list, rules, field }: WrittenFieldFormProps) {
  const { integrationId, entityTypes, version: expectedVersion } = useWrittenFields(list)
  const save = useSave()
  const toChange = useCallback(
    (draft: FieldDraft) => {
      const before = field && { entityType: field.entityType?.name ?? null, name: field.name }
      const entityType = entityTypes.find(({ id }) => id === draft.entityTypeId)?.name ?? null
      const input = list === 'EXPORT' ? exportInput(draft, rules) : backendInput(draft, rules)
      return withField(list, before, documentField(input, entityType))
    },
    [list, field, entityTypes, rules],
  )

  async function saveField(draft: FieldDraft, options: { done: string; fields: string[] }) {
    if (list === 'EXPORT') {
      const { add, update } = mutationsOf[list]
      const variables = { expectedVersion, field: exportInput(draft, rules) }
      return field
        ? save(update, { id: field.id, ...variables }, ({ result }) => result, options)
        : save(add, { integrationId, ...variables }, ({ result }) => result, options)
    }
    const { add, update } = mutationsOf[list]
    const variables = { expectedVersion, field: backendInput(draft, rules) }
    return field
      ? save(update, { id: field.id, ...variables }, ({ result }) => result, options)
      : save(add, { integrationId, ...variables }, ({ result }) => result, options)
  }

  return (
    <FieldForm
      rules={rules}
      integrationId={integrationId}
      entityTypes={entityTypes}
      field={field}
      onSave={saveField}
      toChange={toChange}
    />
  )
}
