import { getRouteApi } from '@tanstack/react-router'
import { useCallback } from 'react'
import { graphql, readFragment } from '../../../graphql/generated/index.ts'
import { Waiting } from '../../../ui/waiting.tsx'
import type { FieldDraft, SavedField } from '../field-values/field-draft.ts'
import { FieldForm } from '../field-values/field-form.tsx'
import { documentField, exportInput } from '../field-values/field-input.ts'
import type { FieldRules } from '../field-values/shape.ts'
import { useFieldRules } from '../field-values/use-field-rules.ts'
import { withField } from '../field-values/with-field.ts'
import { RowGone } from '../row-gone.tsx'
import { useSettings } from '../settings-context.ts'
import { useSave } from '../use-save.ts'
import { ExportFields_Integration } from './export-rows.ts'

const ExportForm_Add = graphql(`
  mutation ExportForm_Add($integrationId: ID!, $expectedVersion: Int!, $field: ExportFieldInput!) {
    result: addExportField(integrationId: $integrationId, expectedVersion: $expectedVersion, field: $field) {
      ...SettingsOutcome
    }
  }
`)

const ExportForm_Update = graphql(`
  mutation ExportForm_Update($id: ID!, $expectedVersion: Int!, $field: ExportFieldInput!) {
    result: updateExportField(id: $id, expectedVersion: $expectedVersion, field: $field) { ...SettingsOutcome }
  }
`)

const edit = getRouteApi('/signed-in/settings/$integrationId/export-fields/$fieldId')

export function NewExportField() {
  const rules = useFieldRules('EXPORT')
  return rules ? <ExportForm rules={rules} field={null} /> : <Waiting />
}

export function EditExportField() {
  const { fieldId } = edit.useParams()
  const { settings } = readFragment(ExportFields_Integration, useSettings().integration)
  const field = settings.exportFields.find(({ id }) => id === fieldId)
  const rules = useFieldRules('EXPORT')
  if (!field) return <RowGone section="EXPORT" />
  return rules ? <ExportForm key={fieldId} rules={rules} field={field} /> : <Waiting />
}

interface ExportFormProps {
  rules: FieldRules
  /** Null: a new one. */
  field: SavedField | null
}

function ExportForm({ rules, field }: ExportFormProps) {
  const { id: integrationId, entityTypes, settings } = readFragment(ExportFields_Integration, useSettings().integration)
  const save = useSave()
  const toChange = useCallback(
    (draft: FieldDraft) => {
      const before = field && { entityType: field.entityType?.name ?? null, name: field.name }
      const entityType = entityTypes.find(({ id }) => id === draft.entityTypeId)?.name ?? null
      return withField('exportFields', before, documentField(exportInput(draft, rules), entityType))
    },
    [field, entityTypes, rules],
  )

  async function saveField(draft: FieldDraft, options: { done: string; fields: string[] }) {
    const variables = { expectedVersion: settings.version, field: exportInput(draft, rules) }
    return field
      ? save(ExportForm_Update, { id: field.id, ...variables }, ({ result }) => result, options)
      : save(ExportForm_Add, { integrationId, ...variables }, ({ result }) => result, options)
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
