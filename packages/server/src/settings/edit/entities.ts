/** Entity types: the three that every integration has, and those that the admin adds. */
import { v7 as uuid } from 'uuid'
import type { EntityTypeSnapshot } from '../../integrations/settings.ts'
import { NotAllowedError, ValidationError } from '../../shared/errors.ts'
import type { SettingsDraft } from '../draft.ts'
import { type Edit, placeAt } from './edit.ts'
import { order, permutation, replaceRow, rowOf } from './rows.ts'

export interface NewEntityInput {
  name: string
  displayName: string
  primaryField: string
  primaryFieldLabel: string
  searchable?: boolean | null | undefined
  creatable?: boolean | null | undefined
}

/** What is not given stays. */
export interface EntityChange {
  displayName?: string | null | undefined
  primaryField?: string | null | undefined
  primaryFieldLabel?: string | null | undefined
  searchable?: boolean | null | undefined
  creatable?: boolean | null | undefined
}

const noun = 'entity type'

export function addEntity(input: NewEntityInput): Edit {
  return (draft, integration) => {
    const entityType = newEntityType(integration.id, input, draft.entityTypes.length)
    return {
      section: 'ENTITIES',
      summary: `Added the entity type ${entityType.displayName}`,
      changedId: entityType.id,
      draft: { ...draft, entityTypes: [...draft.entityTypes, entityType] },
      place: placeAt(['input'], entityType.id),
    }
  }
}

export function newEntityType(integrationId: string, input: NewEntityInput, position: number): EntityTypeSnapshot {
  return {
    id: uuid(),
    integrationId,
    kind: 'CUSTOM',
    name: input.name.trim(),
    displayName: input.displayName.trim(),
    primaryField: input.primaryField.trim(),
    primaryFieldLabel: input.primaryFieldLabel.trim(),
    searchable: input.searchable ?? true,
    creatable: input.creatable ?? true,
    position,
    check: 'UNCHECKED',
    problem: null,
    brokenSince: null,
  }
}

export function updateEntity(id: string, change: EntityChange): Edit {
  return (draft) => {
    const before = rowOf(draft.entityTypes, id, noun)
    if (change.primaryField != null && isFixed(before, change.primaryField)) {
      throw new ValidationError([{ path: ['input', 'primaryField'], message: primaryFieldIsFixed(before) }])
    }
    const entityType: EntityTypeSnapshot = {
      ...before,
      displayName: change.displayName == null ? before.displayName : change.displayName.trim(),
      primaryField: change.primaryField == null ? before.primaryField : change.primaryField.trim(),
      primaryFieldLabel: change.primaryFieldLabel == null ? before.primaryFieldLabel : change.primaryFieldLabel.trim(),
      searchable: change.searchable ?? before.searchable,
      creatable: change.creatable ?? before.creatable,
    }
    return {
      section: 'ENTITIES',
      summary: `Changed the entity type ${before.displayName}`,
      changedId: id,
      draft: { ...draft, entityTypes: replaceRow(draft.entityTypes, entityType) },
      // In the way of a new primary field: an export field of that name (I-03); of switching search off: an automatic
      // push that searches here (I-02).
      place: (subject, path) => {
        if (subject.id === id) return ['input', ...path]
        return ['input', subject.section === 'EXPORT' ? 'primaryField' : 'searchable']
      },
    }
  }
}

/** Whether it is one of the three default ones, which every org names by the same field, and is to have another. */
export function isFixed(before: EntityTypeSnapshot, primaryField: string): boolean {
  return before.kind !== 'CUSTOM' && primaryField.trim() !== before.primaryField
}

export function primaryFieldIsFixed({ displayName, primaryField }: EntityTypeSnapshot): string {
  return `Every org names its ${displayName} records by ${primaryField}: only that of an added entity type can be chosen.`
}

/**
 * @throws NotAllowedError for one of the three default ones; ValidationError where other settings use it, naming them, unless
 *   they go with it (I-05)
 */
export function removeEntity(id: string, withDependents: boolean): Edit {
  return (draft) => {
    const entityType = rowOf(draft.entityTypes, id, noun)
    if (entityType.kind !== 'CUSTOM') {
      throw new NotAllowedError(
        `${entityType.displayName} is one of the three entity types that every integration has: it cannot be removed. Switch its search and creation off instead.`,
      )
    }
    const users = usersOf(draft, id)
    if (users.length > 0 && !withDependents) {
      const message = `${entityType.displayName} is used by ${users.join(', ')}. Remove them first, or remove it with its dependents.`
      throw new ValidationError([{ path: ['withDependents'], message }])
    }
    return {
      section: 'ENTITIES',
      summary: `Removed the entity type ${entityType.displayName}${users.length > 0 ? ` with ${users.join(', ')}` : ''}`,
      changedId: null,
      draft: without(draft, id),
      place: () => ['id'],
    }
  }
}

/** The settings that name it. */
export function usersOf(draft: SettingsDraft, id: string): string[] {
  const named = (rows: readonly { entityTypeId: string | null; name: string }[], kind: string) =>
    rows.filter((row) => row.entityTypeId === id).map((row) => `the ${kind} field ${row.name}`)
  return [
    ...named(draft.exportFields, 'export'),
    ...named(draft.searchFields, 'search'),
    ...named(draft.detailFields, 'detail'),
    ...named(draft.backendFields, 'backend'),
    ...draft.autoChatPush.rules
      .filter((rule) => rule.entityTypeId === id)
      .map((rule) => `the automatic chat push by ${rule.field}`),
  ]
}

/** Automatic chat push that is left without a rule is switched off: it would match nothing. */
function without(draft: SettingsDraft, id: string): SettingsDraft {
  const others = <T extends { entityTypeId: string | null }>(rows: readonly T[]) =>
    rows.filter((row) => row.entityTypeId !== id)
  const rules = others(draft.autoChatPush.rules)
  return {
    ...draft,
    entityTypes: positioned(draft.entityTypes.filter((it) => it.id !== id)),
    exportFields: others(draft.exportFields),
    searchFields: others(draft.searchFields),
    detailFields: others(draft.detailFields),
    backendFields: others(draft.backendFields),
    autoChatPush: { ...draft.autoChatPush, rules, enabled: draft.autoChatPush.enabled && rules.length > 0 },
  }
}

/** The three defaults come before the added ones (D-POP-05); within each the order is the admin's. */
export function reorderEntities(ids: readonly string[]): Edit {
  return (draft) => {
    const entityTypes = permutation(draft.entityTypes, ids, noun)
    if (entityTypes.length < draft.entityTypes.length) throw order('Name every entity type.')
    const firstAdded = entityTypes.findIndex(({ kind }) => kind === 'CUSTOM')
    if (firstAdded >= 0 && entityTypes.slice(firstAdded).some(({ kind }) => kind !== 'CUSTOM')) {
      throw order('Account, contact and lead come before the added entity types.')
    }
    return {
      section: 'ENTITIES',
      summary: 'Changed the order of the entity types',
      changedId: null,
      draft: { ...draft, entityTypes: positioned(entityTypes) },
      place: () => ['ids'],
    }
  }
}

export function positioned(entityTypes: readonly EntityTypeSnapshot[]): EntityTypeSnapshot[] {
  return entityTypes.map((entityType, position) => ({ ...entityType, position }))
}
