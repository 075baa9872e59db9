/** What tagging a conversation to records would do, by the planner that the worker uses. Nothing is kept or written. */
import type { CrmProvider, RemoteReference } from '@backchannel/providers'
import type { ConversationFacts, Message } from '../conversations/conversation.ts'
import { withFreshMetadata } from '../integrations/fresh-metadata.ts'
import type { IntegrationService, IntegrationSnapshot } from '../integrations/service.ts'
import type { Plan, PlanNote, PlannedValue, PlanStep } from '../plans/plan.ts'
import type { FieldValueInput } from '../records/read-form.ts'
import { type ReferenceSnapshot, ValidationError } from '../shared/errors.ts'
import { checkGiven } from './check-given.ts'
import { keptFromCreation, keptValue, readExisting } from './existing-values.ts'
import { givenFor } from './given-values.ts'
import { stepsOf } from './plan.ts'
import { makePlan, type PlannerPorts } from './planner.ts'

export interface DryRunRequest {
  /** With settings that need not be saved. */
  integration: IntegrationSnapshot
  /** Records of it. */
  records: readonly ReferenceSnapshot[]
  /** Whether the conversation is tagged with it already: that makes no second activity (ruling 6). */
  isTagged(record: ReferenceSnapshot): boolean
  conversation: Pick<ConversationFacts, 'channel' | 'startedAt' | 'visitor'>
  messages: readonly Message[]
  backendValues: readonly FieldValueInput[]
  /** What a record that is yet to be made is made with; null for records that are there. */
  madeWith: readonly PlannedValue[] | null
}

export interface DryRunParts {
  integrations: Pick<IntegrationService, 'call' | 'describe'>
  workspaceOf(workspaceId: string): Promise<{ timeZone: string; brand: string }>
}

/**
 * Values that give way to what the record holds are shown as what stays: KEPT.
 *
 * @throws ValidationError for backend values that the forms do not take; NotConnectedError, CrmError
 */
export type DryRun = (request: DryRunRequest, signal: AbortSignal) => Promise<Plan>

export function createDryRun({ integrations, workspaceOf }: DryRunParts): DryRun {
  return async function dryRun(request, signal) {
    const { integration, records, isTagged, conversation, messages, backendValues, madeWith } = request
    const { workspaceId, id } = integration
    const tried = { find: async () => integration, describe: integrations.describe }
    const check = await checkGiven(tried, workspaceId, { records, others: false }, backendValues, async () => [])
    if (check.faults.length > 0) throw new ValidationError(check.faults)
    const workspace = await workspaceOf(workspaceId)

    async function planOne(target: ReferenceSnapshot): Promise<Plan> {
      const failure = check.failureOf(target)
      if (failure !== null) throw failure
      const { plan, descriptor, fault } = await withFreshMetadata((fresh) =>
        integrations.call(workspaceId, id, async (provider) => {
          const describe: PlannerPorts['describe'] = (name, options) =>
            provider.describeEntityType(name, { ...options, fresh: fresh || (options.fresh ?? false) })
          const planned = await makePlan(
            {
              ...{ integration, workspace, conversation, messages },
              ...{ reference: target, taggings: 1, generation: 1, startsAfter: 0, removedMessages: 0, earlier: null },
              given: givenFor(integration, target.entityName, backendValues),
            },
            { provider, describe, signal },
          )
          if (planned.plan === null) return planned
          const { record } = planned.plan
          const values =
            madeWith === null
              ? await overExisting(provider, target, record.values, signal)
              : overCreation(record.values, madeWith)
          return { ...planned, plan: { ...planned.plan, record: { ...record, values } } }
        }),
      )
      if (plan === null) return { steps: [skipped(target)], notes: [{ code: 'ACTIVITY_TYPE', text: fault }] }
      const planned = stepsOf(plan, target, descriptor)
      return isTagged(target) ? tagAgain(planned, target, plan.record.notes) : planned
    }

    const plans = await Promise.all(records.map(planOne))
    return { steps: plans.flatMap(({ steps }) => steps), notes: plans.flatMap(({ notes }) => notes) }
  }
}

async function overExisting(
  provider: Pick<CrmProvider, 'findRecords'>,
  { entityName, remoteId }: RemoteReference,
  values: readonly PlannedValue[],
  signal: AbortSignal,
): Promise<PlannedValue[]> {
  const { held } = await readExisting(provider, { entityName, remoteId }, values, { signal })
  return values.map((value) => {
    const existing = held.get(value.name)
    return existing ? keptValue(value, existing) : value
  })
}

function overCreation(values: readonly PlannedValue[], madeWith: readonly PlannedValue[]): PlannedValue[] {
  const made = new Map(madeWith.map((value) => [value.name, value]))
  return values.map((value) => {
    const written = value.keepExisting ? made.get(value.name) : undefined
    return written ? keptFromCreation(value, written) : value
  })
}

const skipped = (target: ReferenceSnapshot): PlanStep => ({
  ...{ kind: 'SKIP', target, entityName: target.entityName },
  ...{ values: [], subject: null, body: null },
})

/** The record's fields are written once more, and nothing else is done. */
function tagAgain({ steps }: Plan, target: ReferenceSnapshot, notes: readonly PlanNote[]): Plan {
  const again = steps.filter(({ kind }) => kind === 'UPDATE_RECORD')
  const text = `${target.name ?? 'The record'} is tagged already: it gets no second activity.`
  return {
    steps: again.length > 0 ? again : [skipped(target)],
    notes: [{ code: 'TAGGED_ALREADY', text }, ...notes],
  }
}
