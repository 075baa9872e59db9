/** What has to be known of an org to check settings against it, and the asking. */
import type { CrmProvider, DescribeOptions, EntityDescriptor } from '@backchannel/providers'
import type { FieldFilter, LookupSpec } from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import type { Subject } from '../edit/edit.ts'

/** What the org says, as far as it was asked. */
export interface OrgView {
  /** Null: the org has none of that name. */
  entity(name: string): EntityDescriptor | null
  /** All that it has: for the name that was meant. */
  readonly names: readonly string[]
}

/** Whose metadata says what the subject of an activity may be (ruling 18). */
export const SUBJECT_ENTITY = 'Task'

/** The entity types that the check of these subjects asks of. */
export function entitiesAskedOf(integration: IntegrationSnapshot, subjects: readonly Subject[]): string[] {
  const names = new Set<string>()
  const add = (name: string | null | undefined) => void (name && names.add(name))
  for (const subject of subjects) for (const name of namesIn(integration, subject)) add(name)
  return [...names]
}

function namesIn(integration: IntegrationSnapshot, { section, id }: Subject): (string | null | undefined)[] {
  const { settings, entityTypes, defaultFields } = integration
  const nameOf = (entityTypeId: string | null) => entityTypes.find((it) => it.id === entityTypeId)?.name
  switch (section) {
    case 'INTEGRATION': {
      const { autoSmsPush, autoChatPush, dynamics, salesforce } = settings
      return [
        autoSmsPush.field && nameOf(autoSmsPush.entityTypeId),
        ...autoChatPush.rules.map(({ entityTypeId }) => nameOf(entityTypeId)),
        dynamics?.chatsSaveTo === 'CUSTOM_ACTIVITY' ? dynamics.activityTypeName : null,
        salesforce?.accountEmailField && accountOf(integration)?.name,
      ]
    }
    case 'ENTITIES': {
      const entityType = entityTypes.find((it) => it.id === id)
      // Whether the org has the default ones is no matter of a change (built-in.ts).
      return [entityType?.kind === 'CUSTOM' ? entityType.name : null]
    }
    case 'DEFAULT_FIELDS': {
      const field = defaultFields.find((it) => it.id === id)
      return [field?.showOnForm ? null : entityTypes.find(({ kind }) => kind === field?.kind)?.name]
    }
    case 'EXPORT': {
      const field = settings.exportFields.find((it) => it.id === id)
      return field ? [nameOf(field.entityTypeId), field.lookupValue?.entityName, ...ofLookup(field.lookup)] : []
    }
    case 'BACKEND': {
      const field = settings.backendFields.find((it) => it.id === id)
      if (field === undefined) return []
      const owner = field.target === 'ACTIVITY' ? SUBJECT_ENTITY : nameOf(field.entityTypeId)
      return [owner, field.lookupValue?.entityName, ...ofLookup(field.lookup)]
    }
    case 'SEARCH':
    case 'DETAIL': {
      const list = section === 'SEARCH' ? settings.searchFields : settings.detailFields
      const field = list.find((it) => it.id === id)
      return field ? [nameOf(field.entityTypeId), ...ofFilter(field.filter)] : []
    }
    case 'CONNECTION':
      return []
  }
}

const ofFilter = (filter: FieldFilter | null) => [filter?.relatedEntity]
const ofLookup = (lookup: LookupSpec | null) => [lookup?.relatedEntity, ...ofFilter(lookup?.filter ?? null)]

export const accountOf = ({ entityTypes }: IntegrationSnapshot) => entityTypes.find(({ kind }) => kind === 'ACCOUNT')

/** @throws ProviderError */
export async function askOrg(
  provider: CrmProvider,
  names: readonly string[],
  options: DescribeOptions,
): Promise<OrgView> {
  const described = await Promise.all(
    names.map(async (name) => {
      const entity = await provider.describeEntityType(name, options)
      // Salesforce knows names whatever their case; settings spell them exactly.
      return [name, entity?.name === name ? entity : null] as const
    }),
  )
  const entities = new Map(described)
  const isMissing = described.some(([, entity]) => entity === null)
  const all = isMissing ? await provider.listEntityTypes(options) : []
  return { entity: (name) => entities.get(name) ?? null, names: all.map(({ name }) => name) }
}
