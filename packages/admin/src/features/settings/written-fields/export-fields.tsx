import { getRouteApi } from '@tanstack/react-router'
import { EditWrittenField, NewWrittenField } from './written-field-form.tsx'
import { WrittenFieldList } from './written-field-list.tsx'

const edit = getRouteApi('/signed-in/settings/$integrationId/export-fields/$fieldId')

export function ExportFields() {
  return <WrittenFieldList list="EXPORT" />
}

export function NewExportField() {
  return <NewWrittenField list="EXPORT" />
}

export function EditExportField() {
  const { fieldId } = edit.useParams()
  return <EditWrittenField list="EXPORT" fieldId={fieldId} />
}
