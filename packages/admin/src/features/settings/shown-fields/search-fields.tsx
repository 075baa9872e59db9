import { Alert } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { AnchorLink } from '../../../ui/link.tsx'
import { RowGone } from '../row-gone.tsx'
import { ShownFieldForm } from './shown-field-form.tsx'
import { ShownFieldList } from './shown-field-list.tsx'
import { useShownFields } from './shown-fields.ts'

const edit = getRouteApi('/signed-in/settings/$integrationId/search-fields/$fieldId')

export function SearchFields() {
  const { integrationId } = useShownFields('searchFields')
  return (
    <ShownFieldList
      list="searchFields"
      advice={
        <Alert color="blue">
          Each search field adds a column to the results, which makes them wider.{' '}
          <AnchorLink inherit to="/settings/$integrationId/detail-fields" params={{ integrationId }}>
            Detail fields
          </AnchorLink>{' '}
          are recommended instead: they are searched by too, and show in the details of a record.
        </Alert>
      }
    />
  )
}

export function NewSearchField() {
  return <ShownFieldForm list="searchFields" field={null} />
}

export function EditSearchField() {
  const { fieldId } = edit.useParams()
  const field = useShownFields('searchFields').fields.find(({ id }) => id === fieldId)
  return field ? <ShownFieldForm key={fieldId} list="searchFields" field={field} /> : <RowGone section="SEARCH" />
}
