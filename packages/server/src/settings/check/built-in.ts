/**
 * What a vendor gives every org, and what this one may lack all the same: a default entity type that our user may not see,
 * a built-in field that the org hides. It is looked for when the org is looked at; no change asks for it, since a change
 * is not what it breaks by. Pure.
 */

import type { EntityTypeSnapshot } from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import { accountKindsOf } from '../../records/account-kind.ts'
import { defaultInputs } from '../../records/default-inputs.ts'
import { encodeId } from '../../shared/global-id.ts'
import type { Subject } from '../edit/edit.ts'
import { faultsOf, type SettingFault } from './fault.ts'
import type { OrgView } from './org.ts'

/** Whether the setting is of a default entity type itself, or of a built-in field. */
export function isBuiltIn({ entityTypes }: IntegrationSnapshot, { section, id }: Subject): boolean {
  if (section === 'DEFAULT_FIELDS') return true
  return section === 'ENTITIES' && entityTypes.some((it) => it.id === id && it.kind !== 'CUSTOM')
}

/** The entity types that the check of these subjects asks of. */
export function builtInEntities(integration: IntegrationSnapshot, subjects: readonly Subject[]): string[] {
  return [...new Set(subjects.flatMap((subject) => ownerOf(integration, subject)?.name ?? []))]
}

/** @param org knows what `builtInEntities` names for these subjects */
export function builtInFaults(
  integration: IntegrationSnapshot,
  subjects: readonly Subject[],
  org: OrgView,
): SettingFault[] {
  return subjects.flatMap((subject) =>
    faultsOf(subject, (fault) => {
      const owner = ownerOf(integration, subject)
      if (owner === null) return
      const { displayName, name } = owner
      if (subject.section === 'DEFAULT_FIELDS') {
        const reason = reasonMissing(integration, owner, subject.id, org)
        if (reason !== null) fault(['name'], reason)
      } else if (org.entity(name) === null) {
        const lost = `The org has no ${displayName}, or our user there may not see it: agents neither search nor create any.`
        fault(['name'], `${lost} Give our user the right to see it, or switch searching and creating it off.`)
      }
    }),
  )
}

function ownerOf({ entityTypes, defaultFields }: IntegrationSnapshot, { id }: Subject): EntityTypeSnapshot | null {
  const kind = defaultFields.find((it) => it.id === id)?.kind
  return entityTypes.find((it) => it.id === id || it.kind === kind) ?? null
}

/** Why it is on none of the forms where it belongs; null where it is, or where the settings alone keep it off. */
function reasonMissing(
  integration: IntegrationSnapshot,
  entityType: EntityTypeSnapshot,
  id: string,
  org: OrgView,
): string | null {
  const metadata = org.entity(entityType.name)
  if (metadata === null) return null
  const defaultFields = integration.defaultFields.map((field) => ({ ...field, showOnForm: true }))
  const shown = { ...integration, defaultFields }
  const settingId = encodeId('DefaultField', id)
  const kinds = accountKindsOf(integration, entityType.kind, metadata)
  const forms = (kinds.length === 0 ? [null] : kinds).map((accountKind) =>
    defaultInputs({ integration: shown, entityType, metadata, accountKind, visitor: null }),
  )
  if (forms.some(({ fields }) => fields.some((field) => field.settingId === settingId))) return null
  // A field that a setting names is the check of that setting's.
  const missing = forms
    .flatMap((form) => form.missing)
    .find(({ note, isVendors }) => isVendors && note.settingId === settingId)
  return missing?.note.text ?? null
}
