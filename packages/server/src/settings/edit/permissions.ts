/** What agents may do with entity types, changed together with what is not a list. */
import { ValidationError } from '../../shared/errors.ts'
import type { SettingsDraft } from '../draft.ts'

/** What is not given stays. */
export interface EntityPermissionInput {
  entityTypeId: string
  searchable?: boolean | null | undefined
  creatable?: boolean | null | undefined
}

/** @throws ValidationError for an entity type that is not there, or is given twice */
export function withPermissions(draft: SettingsDraft, permissions: readonly EntityPermissionInput[]): SettingsDraft {
  const faults = permissions.flatMap(({ entityTypeId }, index) => {
    const path = ['input', 'entityPermissions', String(index), 'entityTypeId']
    if (!draft.entityTypes.some(({ id }) => id === entityTypeId)) {
      return [{ path, message: 'There is no such entity type.' }]
    }
    const isFirst = permissions.findIndex((it) => it.entityTypeId === entityTypeId) === index
    return isFirst ? [] : [{ path, message: 'This entity type is given twice.' }]
  })
  if (faults.length > 0) throw new ValidationError(faults)
  return {
    ...draft,
    entityTypes: draft.entityTypes.map((entityType) => {
      const given = permissions.find(({ entityTypeId }) => entityTypeId === entityType.id)
      return {
        ...entityType,
        searchable: given?.searchable ?? entityType.searchable,
        creatable: given?.creatable ?? entityType.creatable,
      }
    }),
  }
}
