/** Makes push plans: asks the org what a plan needs to know of it, and plans. The worker and previews plan by this. */
import type {
  ActivityType,
  ActivityTypeDescriptor,
  CrmProvider,
  EntityDescriptor,
  RemoteReference,
} from '@backchannel/providers'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { activityTypeName, chooseActivityType } from './activity-choice.ts'
import { type PlanInput, type PushPlan, planPush } from './plan.ts'
import { entityTypeWithBackendFields, planRecord, type RecordPlan } from './record-plan.ts'

/** What the fields of the tagged record are planned from. */
export interface RecordRequest extends Pick<PlanInput, 'integration' | 'given'> {
  reference: RemoteReference
  /** How often it was tagged. */
  taggings: number
}

export type PlanRequest = RecordRequest & Omit<PlanInput, 'activity' | 'descriptor' | 'record'>

export interface PlannerPorts {
  provider: Pick<CrmProvider, 'describeActivityType'>
  /** One entity type as the org describes it; null where it has none of that name. */
  describe(entityName: string, options: { fresh?: boolean; signal: AbortSignal }): Promise<EntityDescriptor | null>
  signal: AbortSignal
}

export type Planned =
  | { plan: PushPlan; descriptor: ActivityTypeDescriptor; fault: null }
  /** Nothing can be filed, and why. */
  | { plan: null; descriptor: null; fault: string }

/** @throws ProviderError */
export async function makePlan(request: PlanRequest, ports: PlannerPorts): Promise<Planned> {
  const { integration, earlier, taggings } = request
  const choice = chooseActivityType(integration)
  const activityType = earlier?.plan.filing.activityType ?? choice.activityType
  if (earlier === null && choice.fault !== null) return unplanned(choice.fault)
  const descriptor = await describeActivity(activityType, ports)
  if (typeof descriptor === 'string') return unplanned(descriptor)
  // Values are planned once for each tagging: what is appended later writes none.
  const planned = earlier !== null && earlier.plan.record.taggings >= taggings ? earlier.plan.record : null
  const record = planned ?? (await makeRecordPlan(request, ports, { fresh: false }))
  return { plan: planPush({ ...request, activity: choice, descriptor, record }), descriptor, fault: null }
}

/** A plan that was made before, with what its activity can hold now. @throws ProviderError */
export async function resumePlan(plan: PushPlan, ports: PlannerPorts): Promise<Planned> {
  const descriptor = await describeActivity(plan.filing.activityType, ports)
  return typeof descriptor === 'string' ? unplanned(descriptor) : { plan, descriptor, fault: null }
}

/**
 * @param fresh asks the org anew: something that is planned is not there any more
 * @throws ProviderError
 */
export async function makeRecordPlan(
  request: RecordRequest,
  { describe, signal }: Pick<PlannerPorts, 'describe' | 'signal'>,
  { fresh }: { fresh: boolean },
): Promise<RecordPlan> {
  const { integration, reference } = request
  const entityType = entityTypeWithBackendFields(integration, reference.entityName)
  if (entityType === null) return planRecord({ ...request, record: null })
  const metadata = (await describe(entityType.name, { fresh, signal })) ?? withoutFields(integration, entityType.name)
  return planRecord({ ...request, record: { entityType, metadata } })
}

const unplanned = (fault: string): Planned => ({ plan: null, descriptor: null, fault })

/** What it can hold, or why nothing can be filed there. */
async function describeActivity(type: ActivityType, ports: PlannerPorts): Promise<ActivityTypeDescriptor | string> {
  const { provider, describe, signal } = ports
  const known = await provider.describeActivityType(type, { signal })
  if (known !== null) return known
  const name = activityTypeName(type)
  const missing = `The CRM has no activity type ${name}, or our user there may not see it.`
  if (type.type !== 'CUSTOM') return missing
  // It may have been made a moment ago.
  const found = await describe(name, { fresh: true, signal })
  if (found === null) return missing
  const now = found.isActivity ? await provider.describeActivityType(type, { signal }) : null
  return now ?? `${name} is no activity in the CRM: its entity is not defined as an activity entity.`
}

/** For an entity type that the org does not have any more: each of its settings says so. */
function withoutFields({ entityTypes }: IntegrationSnapshot, name: string): EntityDescriptor {
  const entityType = entityTypes.find((it) => it.name === name)
  const label = entityType?.displayName ?? name
  const kind = entityType?.kind ?? 'CUSTOM'
  return {
    name,
    label,
    kind,
    isActivity: false,
    creatable: false,
    idField: '',
    primaryField: '',
    fields: [],
    recordTypes: [],
  }
}
