import { getRouteApi } from '@tanstack/react-router'
import { useCallback } from 'react'
import { graphql, readFragment } from '../../../graphql/generated/index.ts'
import { Waiting } from '../../../ui/waiting.tsx'
import type { FieldDraft, SavedField } from '../field-values/field-draft.ts'
import { FieldForm } from '../field-values/field-form.tsx'
import { backendInput, documentField } from '../field-values/field-input.ts'
import type { FieldRules } from '../field-values/shape.ts'
import { useFieldRules } from '../field-values/use-field-rules.ts'
import { withField } from '../field-values/with-field.ts'
import { RowGone } from '../row-gone.tsx'
import { useSettings } from '../settings-context.ts'
import { useSave } from '../use-save.ts'
import { BackendFields_Integration } from './backend-rows.ts'

const BackendForm_Add = graphql(`
  mutation BackendForm_Add($integrationId: ID!, $expectedVersion: Int!, $field: BackendFieldInput!) {
    result: addBackendField(integrationId: $integrationId, expectedVersion: $expectedVersion, field: $field) {
      ...SettingsOutcome
    }
  }
`)

const BackendForm_Update = graphql(`
  mutation BackendForm_Update($id: ID!, $expectedVersion: Int!, $field: BackendFieldInput!) {
    result: updateBackendField(id: $id, expectedVersion: $expectedVersion, field: $field) { ...SettingsOutcome }
  }
`)

const edit = getRouteApi('/signed-in/settings/$integrationId/backend-fields/$fieldId')

export function NewBackendField() {
  const rules = useFieldRules('BACKEND')
  return rules ? <BackendForm rules={rules} field={null} /> : <Waiting />
}

export function EditBackendField() {
  const { fieldId } = edit.useParams()
  const { settings } = readFragment(BackendFields_Integration, useSettings().integration)
  const field = settings.backendFields.find(({ id }) => id === fieldId)
  const rules = useFieldRules('BACKEND')
  if (!field) return <RowGone section="BACKEND" />
  return rules ? <BackendForm key={fieldId} rules={rules} field={field} /> : <Waiting />
}

interface BackendFormProps {
  rules: FieldRules
  /** Null: a new one. */
  field: SavedField | null
}

function BackendForm({ rules, field }: BackendFormProps) {
  const {
    id: integrationId,
    entityTypes,
    settings,
  } = readFragment(BackendFields_Integration, useSettings().integration)
  const save = useSave()
  const toChange = useCallback(
    (draft: FieldDraft) => {
      const before = field && { entityType: field.entityType?.name ?? null, name: field.name }
      const entityType = entityTypes.find(({ id }) => id === draft.entityTypeId)?.name ?? null
      return withField('backendFields', before, documentField(backendInput(draft, rules), entityType))
    },
    [field, entityTypes, rules],
  )

  async function saveField(draft: FieldDraft, options: { done: string; fields: string[] }) {
    const variables = { expectedVersion: settings.version, field: backendInput(draft, rules) }
    return field
      ? save(BackendForm_Update, { id: field.id, ...variables }, ({ result }) => result, options)
      : save(BackendForm_Add, { integrationId, ...variables }, ({ result }) => result, options)
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
