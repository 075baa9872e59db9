/** Which attributes of records a CRM is asked for, so that it is asked for nothing else (decision 3). */
import type { EntityDescriptor, EntityKind, RecordAttribute, RecordSelection } from '@backchannel/providers'
import { recordAttributes } from '@backchannel/providers'
import type { EntityTypeSnapshot } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { columnsOf } from './columns.ts'

/** Attributes selected by name, and the views of `fields` that are selected. */
export interface SelectedAttributes {
  readonly attributes: ReadonlySet<RecordAttribute>
  readonly views: ReadonlySet<'SEARCH' | 'DETAIL'>
}

/** Everything that a kind has, for callers that cannot say what they need. */
export const everySelected: SelectedAttributes = { attributes: new Set(recordAttributes), views: new Set() }

/** What a record is called. */
export const nameOnly: SelectedAttributes = { attributes: new Set(), views: new Set() }

const kindAttributes: Record<EntityKind, ReadonlySet<RecordAttribute>> = {
  ACCOUNT: new Set(['phone', 'email', 'createdAt', 'modifiedAt', 'accountNumber', 'description']),
  CONTACT: new Set(['phone', 'email', 'createdAt', 'modifiedAt', 'firstName', 'lastName', 'account']),
  LEAD: new Set(['phone', 'email', 'createdAt', 'modifiedAt', 'firstName', 'lastName', 'company', 'status']),
  CUSTOM: new Set(['createdAt', 'modifiedAt']),
}

/**
 * What to ask the CRM for, for records of one entity type.
 *
 * @param metadata leaves out fields that the org does not have (any more); null: not asked
 */
export function recordSelection(
  { attributes, views }: SelectedAttributes,
  entityType: EntityTypeSnapshot,
  integration: IntegrationSnapshot,
  metadata: EntityDescriptor | null,
): RecordSelection {
  const wanted = new Set([...attributes].filter((attribute) => kindAttributes[entityType.kind].has(attribute)))
  const fields = new Set<string>()
  for (const view of views) {
    for (const { attribute, name } of columnsOf(integration, entityType, view, metadata)) {
      if (attribute === null) fields.add(name)
      else if (attribute !== 'name') wanted.add(attribute)
    }
  }
  return { attributes: recordAttributes.filter((attribute) => wanted.has(attribute)), fields: [...fields] }
}
