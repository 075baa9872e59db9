/** Carries out the plan of one push, each step where it is still owed: the text, the closing, the record's fields. */
import type { ActivityTypeDescriptor, ProviderCapabilities, RemoteReference } from '@backchannel/providers'
import { withFreshMetadata } from '../integrations/fresh-metadata.ts'
import { activityKey } from './activity-key.ts'
import { notClosableSentence } from './closing.ts'
import { closeActivities, type DeliveryOutcome, type DeliveryPorts, deliver } from './deliver.ts'
import { type PushFault, refusalOf } from './fault.ts'
import { type KnownActivity, knownOf } from './known-activity.ts'
import type { PushPlan } from './plan.ts'
import type { ClaimedPush } from './queue-store.ts'
import { carriedOut, forSuccessor, type RecordPlan } from './record-plan.ts'
import { explainFollowing, followSuccessors, recordOf } from './successor.ts'
import { writeRecord } from './write-record.ts'

export interface PerformPorts extends Omit<DeliveryPorts, 'foundAgain' | 'follow' | 'replanned'> {
  /** Plans a record's fields once more. `fresh`: from metadata that is read anew. */
  planRecord(reference: RemoteReference, options: { fresh: boolean }): Promise<RecordPlan>
  /** The record has what the plan says, or it was refused. Committed when it resolves. */
  recordSettled(plan: PushPlan): Promise<void>
  /** The text is parted as this plan says. Committed when it resolves. */
  replanned(plan: PushPlan): Promise<void>
  /** Another record stands for the tagged one from now on, with a plan that says so. Committed when it resolves. */
  followed(successor: RemoteReference, plan: PushPlan): Promise<void>
}

export type Performed =
  | Exclude<DeliveryOutcome, { kind: 'DELIVERED' }>
  /** The text is there. `shortfall`: what the CRM refused for good beside it. */
  | { kind: 'DELIVERED'; shortfall: PushFault | null }

/**
 * The text comes first: a record that the CRM refuses to change, and an activity that it refuses to close, cost nobody the
 * transcript.
 *
 * @throws ProviderError that heals by itself, or that the text was refused by
 */
export async function perform(
  push: ClaimedPush,
  { plan: planned, descriptor }: { plan: PushPlan; descriptor: ActivityTypeDescriptor },
  { keyedActivities }: ProviderCapabilities,
  ports: PerformPorts,
): Promise<Performed> {
  const { tag, integration, conversation, generation } = push
  const known = new Map(push.activities.map((activity) => [activity.part, knownOf(activity)]))
  const save = async (part: number, activity: KnownActivity) => {
    await ports.save(part, activity)
    known.set(part, activity)
  }
  let plan = planned
  let record = recordOf(tag)
  let isSettled = plan.record.values.length === 0 || push.backendWritten >= plan.record.taggings
  // Filing finds out whether the record is still itself; so nobody has to ask.
  let isCurrent = plan.parts.some((_, index) => (known.get(index + 1)?.remoteId ?? null) === null)

  async function follow(): Promise<RemoteReference | null> {
    const followed = await followSuccessors(ports.provider, record, { signal: ports.signal })
    isCurrent = true
    if (followed === null) return null
    const { entityName, remoteId } = followed.record
    const isOfOtherType = entityName !== record.entityName
    record = { entityName, remoteId }
    const { filing } = plan
    plan = { ...plan, filing: { ...filing, why: [...filing.why, explainFollowing(followed)] } }
    if (isOfOtherType && !isSettled) {
      plan = { ...plan, record: forSuccessor(plan.record, await ports.planRecord(record, { fresh: false })) }
    }
    await ports.followed(record, plan)
    return record
  }

  const outcome = await deliver(
    {
      plan,
      descriptor,
      regarding: record,
      keyOf: (part) =>
        activityKey({
          orgId: integration.orgId ?? integration.url,
          workspaceId: push.workspaceId,
          conversationExternalId: conversation.externalId,
          remoteId: tag.remoteId,
          generation,
          part,
        }),
      keyed: keyedActivities,
      activities: new Map(known),
      delivered: push.deliveredMessages,
    },
    {
      ...ports,
      save,
      follow,
      async replanned(parts) {
        plan = { ...plan, parts, partsBefore: null }
        await ports.replanned(plan)
      },
      async foundAgain() {
        await ports.recordSettled(plan)
        isSettled = true
      },
    },
  )
  if (outcome.kind !== 'DELIVERED') return outcome
  const unclosed = await close()
  const unwritten = isSettled ? plan.record.refused : await write()
  return { kind: 'DELIVERED', shortfall: unclosed ?? unwritten }

  async function close(): Promise<PushFault | null> {
    switch (plan.closing.closing) {
      case 'LEAVE_OPEN':
        return null
      case 'CLOSE':
        return refusalOf(() => closeActivities(plan, known, { ...ports, save }))
      case 'NOT_CLOSABLE':
        return { code: 'CRM_NOT_CLOSABLE', message: notClosableSentence, providerCode: null, retryAfter: null }
    }
  }

  async function write(): Promise<PushFault | null> {
    if (!isCurrent) await follow()
    let { record: owed } = plan
    const outcome = { written: new Set<string>(), kept: new Set<string>() }
    const refused = await refusalOf(() =>
      withFreshMetadata(async (fresh) => {
        if (fresh) owed = await ports.planRecord(record, { fresh })
        await writeRecord(ports.provider, record, owed.values, {
          signal: ports.signal,
          fresh,
          onWritten(written, kept) {
            for (const { name } of written) outcome.written.add(name)
            for (const { name } of kept) outcome.kept.add(name)
          },
        })
      }),
    )
    await ports.recordSettled({ ...plan, record: { ...carriedOut(owed, outcome), refused } })
    return refused
  }
}
