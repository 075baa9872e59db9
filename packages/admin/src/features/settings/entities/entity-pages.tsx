import { getRouteApi } from '@tanstack/react-router'
import { readFragment } from '../../../graphql/generated/index.ts'
import { RowGone } from '../row-gone.tsx'
import { useSettings } from '../settings-context.ts'
import { EntityForm } from './entity-form.tsx'
import { Entities_Integration } from './entity-rows.ts'

const edit = getRouteApi('/signed-in/settings/$integrationId/entities/$entityTypeId')

export function NewEntity() {
  return <EntityForm entityType={null} />
}

export function EditEntity() {
  const { entityTypeId } = edit.useParams()
  const { entityTypes } = readFragment(Entities_Integration, useSettings().integration)
  const entityType = entityTypes.find(({ id }) => id === entityTypeId)
  return entityType ? <EntityForm key={entityTypeId} entityType={entityType} /> : <RowGone section="ENTITIES" />
}
