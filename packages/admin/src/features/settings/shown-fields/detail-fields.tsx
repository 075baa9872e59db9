import { getRouteApi } from '@tanstack/react-router'
import { RowGone } from '../row-gone.tsx'
import { ShownFieldForm } from './shown-field-form.tsx'
import { ShownFieldList } from './shown-field-list.tsx'
import { useShownFields } from './shown-fields.ts'

const edit = getRouteApi('/signed-in/settings/$integrationId/detail-fields/$fieldId')

export function DetailFields() {
  return <ShownFieldList list="detailFields" />
}

export function NewDetailField() {
  return <ShownFieldForm list="detailFields" field={null} />
}

export function EditDetailField() {
  const { fieldId } = edit.useParams()
  const field = useShownFields('detailFields').fields.find(({ id }) => id === fieldId)
  return field ? <ShownFieldForm key={fieldId} list="detailFields" field={field} /> : <RowGone section="DETAIL" />
}
