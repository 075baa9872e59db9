/** The form of tagging: the backend inputs of what is tagged (D-BCK-05, D-BCK-28). */
import type { CallOptions } from '@backchannel/providers'
import type { EntityTypeSnapshot, IntegrationService, IntegrationSnapshot } from '../integrations/service.ts'
import { backendInputs, subjectEntity } from './backend-plan.ts'
import type { FormFieldPlan } from './form-field.ts'

/** What the records of one entity type are asked for together. */
export interface TagFormSection {
  readonly integration: IntegrationSnapshot
  readonly entityType: EntityTypeSnapshot
  /** Global IDs. */
  readonly recordIds: readonly string[]
  readonly fields: readonly FormFieldPlan[]
}

export interface TaggedRecord {
  readonly recordId: string
  readonly integration: IntegrationSnapshot
  readonly entityType: EntityTypeSnapshot
}

/**
 * One section for each entity type, in the order in which their records were named. What the org does not have is left
 * out.
 *
 * @throws NotConnectedError, CrmError
 */
export async function planTagForm(
  integrations: Pick<IntegrationService, 'describe'>,
  records: readonly TaggedRecord[],
  options: CallOptions,
): Promise<TagFormSection[]> {
  const byEntityType = new Map<string, TaggedRecord[]>()
  for (const record of records) {
    byEntityType.set(record.entityType.id, [...(byEntityType.get(record.entityType.id) ?? []), record])
  }
  const sections = [...byEntityType.values()].map(async (group): Promise<TagFormSection[]> => {
    const [first] = group
    if (first === undefined) return []
    const { integration, entityType } = first
    const recordIds = group.map((record) => record.recordId)
    const fields = await fieldsOf(integrations, integration, entityType, options)
    return [{ integration, entityType, recordIds, fields }]
  })
  return (await Promise.all(sections)).flat()
}

async function fieldsOf(
  integrations: Pick<IntegrationService, 'describe'>,
  integration: IntegrationSnapshot,
  entityType: EntityTypeSnapshot,
  options: CallOptions,
): Promise<readonly FormFieldPlan[]> {
  const subject = subjectEntity(integration)
  const isAsked = integration.settings.backendFields.some(
    ({ variableType, entityTypeId }) => variableType === 'INPUT' && entityTypeId === entityType.id,
  )
  if (!isAsked && subject === null) return []
  const { workspaceId, id } = integration
  const describe = (name: string) => integrations.describe(workspaceId, id, name, options)
  const [metadata, activityMetadata] = await Promise.all([
    describe(entityType.name),
    subject === null ? null : describe(subject),
  ])
  return metadata === null ? [] : backendInputs({ integration, entityType, metadata, activityMetadata }).fields
}
