/** What the three standard entity types are called in Salesforce, and which of their fields mean what (crm-apis.md 2.5, 2.8, 3.1). */
import type { EntityKind, FieldDescriptor } from '../model/index.ts'

/** Which fields of an object a search looks into, likeliest first. */
export interface SearchFields {
  phones: readonly string[]
  emails: readonly string[]
  names: readonly string[]
  accountIds: readonly string[]
}

interface StandardEntity {
  kind: Exclude<EntityKind, 'CUSTOM'>
  search: SearchFields
  /** Rows that stand for a record of another type, where the org has the field. */
  shadows: { field: string; where: string; of: readonly string[] | 'ANY' } | null
}

const standard: ReadonlyMap<string, StandardEntity> = new Map(
  Object.entries<StandardEntity>({
    Account: {
      kind: 'ACCOUNT',
      search: {
        phones: ['Phone', 'PersonMobilePhone', 'PersonHomePhone', 'PersonOtherPhone'],
        emails: ['PersonEmail'],
        names: ['Name'],
        accountIds: ['AccountNumber'],
      },
      shadows: null,
    },
    Contact: {
      kind: 'CONTACT',
      search: {
        phones: ['Phone', 'MobilePhone', 'HomePhone', 'OtherPhone'],
        emails: ['Email'],
        names: ['Name'],
        accountIds: [],
      },
      // A person account brings a contact of its own, which opens the account (crm-apis.md 2.9).
      shadows: { field: 'IsPersonAccount', where: 'IsPersonAccount = FALSE', of: ['Account'] },
    },
    Lead: {
      kind: 'LEAD',
      search: { phones: ['Phone', 'MobilePhone'], emails: ['Email'], names: ['Name'], accountIds: [] },
      // Its account and contact have taken its place.
      shadows: { field: 'IsConverted', where: 'IsConverted = FALSE', of: 'ANY' },
    },
  }),
)

/** Phone and e-mail fields of a custom object, each: more would make the query slow. */
const mostFieldsOfAType = 5

export function kindOf(entityName: string): EntityKind {
  return standard.get(entityName)?.kind ?? 'CUSTOM'
}

/** Objects that hold activities: a transcript is filed as one of these, never searched for. */
export function isActivity(entityName: string): boolean {
  return entityName === 'Task' || entityName === 'Event'
}

/** The searched fields that this org has and lets us filter by. */
export function searchFieldsOf(entity: {
  name: string
  primaryField: string
  fields: ReadonlyMap<string, FieldDescriptor>
}): SearchFields {
  const filterable = (field: string) => entity.fields.get(field)?.filterable === true
  const known = standard.get(entity.name)?.search
  if (known !== undefined) {
    return {
      phones: known.phones.filter(filterable),
      emails: known.emails.filter(filterable),
      names: known.names.filter(filterable),
      accountIds: known.accountIds.filter(filterable),
    }
  }
  const ofType = (type: FieldDescriptor['type']) =>
    [...entity.fields.values()]
      .filter((field) => field.type === type && field.filterable)
      .slice(0, mostFieldsOfAType)
      .map((field) => field.name)
  return {
    phones: ofType('PHONE'),
    emails: ofType('EMAIL'),
    names: [entity.primaryField].filter(filterable),
    accountIds: [],
  }
}

/**
 * A condition that keeps out rows which stand for a record of another type; null where there are none.
 * @param searched all entity types that are searched: a shadow is left out only where its record can be found itself
 */
export function withoutShadows(
  entity: { name: string; fields: ReadonlyMap<string, FieldDescriptor> },
  searched: readonly string[],
): string | null {
  const shadows = standard.get(entity.name)?.shadows
  if (shadows == null || !entity.fields.has(shadows.field)) return null
  return shadows.of === 'ANY' || shadows.of.some((name) => searched.includes(name)) ? shadows.where : null
}
