import { getRouteApi } from '@tanstack/react-router'
import { EditWrittenField, NewWrittenField } from './written-field-form.tsx'
import { WrittenFieldList } from './written-field-list.tsx'

const edit = getRouteApi('/signed-in/settings/$integrationId/backend-fields/$fieldId')

export function BackendFields() {
  return <WrittenFieldList list="BACKEND" />
}

export function NewBackendField() {
  return <NewWrittenField list="BACKEND" />
}

export function EditBackendField() {
  const { fieldId } = edit.useParams()
  return <EditWrittenField list="BACKEND" fieldId={fieldId} />
}
