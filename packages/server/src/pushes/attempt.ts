/** One attempt at one push: plan it where that is due, carry it out, write down what became of it. */
import { type CrmProvider, type DescribeOptions, type EntityDescriptor, ProviderError } from '@backchannel/providers'
import type { ConversationService, Transcript } from '../conversations/service.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { CrmError, isOutage } from '../shared/errors.ts'
import type { Logger } from '../shared/logger.ts'
import { traced } from '../telemetry/tracing.ts'
import { activityTypeName } from './activity-choice.ts'
import type { Claim } from './claim-store.ts'
import { ofLaterRelease, ourFault, type PushFault, parked, toFault } from './fault.ts'
import { asForced } from './forced.ts'
import { perform } from './perform.ts'
import { makePlan, makeRecordPlan, type Planned, type PlannerPorts, type RecordRequest, resumePlan } from './planner.ts'
import { type ClaimedPush, HeldBackError, LeaseLostError, type PushQueue } from './queue-store.ts'
import { consequenceOf, isParked, retryAt, waitsForAdmin } from './schedule.ts'
import { createPushSeals } from './seals.ts'
import { recordOf } from './successor.ts'
import type { Traffic } from './traffic.ts'
import { withoutRemoved } from './without-removed.ts'

export interface AttemptParts {
  queue: PushQueue
  traffic: Omit<Traffic, 'places'>
  conversations: Pick<ConversationService, 'readTranscript'>
  integrations: {
    find(workspaceId: string, integrationId: string): Promise<IntegrationSnapshot | null>
    /** Null: not connected. */
    provider(workspaceId: string, integrationId: string): Promise<CrmProvider | null>
    describe(
      workspaceId: string,
      integrationId: string,
      entityName: string,
      options: DescribeOptions,
    ): Promise<EntityDescriptor | null>
    /** Told of every failure: some say that the integration as a whole needs a person. */
    noteFault(workspaceId: string, integrationId: string, error: ProviderError): Promise<void>
    /** Told of every push that went through: a person who was said to be needed may not be any more. */
    noteSuccess(workspaceId: string, integrationId: string): Promise<void>
  }
  secrets: SecretBox
  logger: Logger
  /** Milliseconds since 1970. */
  now: () => number
  /** Between 0 and 1. */
  random: () => number
  settleMs: number
  /** How long a push may go on failing before it is left to a person. */
  parkAfterMs: number
}

/** After how long a plan of a later release is looked at again, so that whoever can read it has the time to take it. */
const LATER_RELEASE_MS = 10_000

export type Attempt = (claim: Claim, signal: AbortSignal) => Promise<void>

export function createAttempt(parts: AttemptParts): Attempt {
  const { queue, traffic, conversations, integrations, secrets, logger, now, random, settleMs, parkAfterMs } = parts
  const seals = createPushSeals(secrets)
  const hash = (text: string) => secrets.hash('PushActivity.text', text)

  return async function attempt(claim, signal) {
    const push = await queue.load(claim)
    if (push === null) return
    try {
      const [integration, provider] = await Promise.all([
        integrations.find(claim.workspaceId, claim.integrationId),
        integrations.provider(claim.workspaceId, claim.integrationId),
      ])
      if (integration === null || provider === null) {
        await queue.waitForIntegration(claim)
        // It may have been connected again between our look and our note.
        await queue.integrationsChanged(claim.integrationId)
        return
      }
      await run({ claim, push, integration, provider: claim.forced ? asForced(provider) : provider, signal })
    } catch (thrown) {
      const error = thrown instanceof CrmError && thrown.cause instanceof ProviderError ? thrown.cause : thrown
      if (error instanceof LeaseLostError) return
      // Where the database was lost, nobody failed; it may be back for this note, or the lease ends by itself.
      if (signal.aborted || error instanceof HeldBackError || isOutage(error)) {
        await queue.release(claim)
        await traffic.unheard(claim)
      } else if (error instanceof ProviderError) await settleFailure(claim, push, error)
      else {
        logger.error({ err: error, pushId: claim.id }, 'A push failed by a fault of ours; it is tried again')
        await traffic.unheard(claim)
        await retryOrPark(claim, push, ourFault, null)
      }
    }
  }

  interface Run {
    claim: Claim
    push: ClaimedPush
    integration: IntegrationSnapshot
    provider: CrmProvider
    signal: AbortSignal
  }

  async function run({ claim, push, integration, provider, signal }: Run): Promise<void> {
    const { tag } = push
    if (seals.isPlanOfLaterRelease(push)) {
      await queue.retry(claim, ofLaterRelease, {
        at: new Date(now() + LATER_RELEASE_MS),
        failingSince: failingSince(push),
      })
      return traffic.unheard(claim)
    }
    const ports: PlannerPorts = {
      provider,
      describe: (entityName, options) =>
        integrations.describe(claim.workspaceId, claim.integrationId, entityName, {
          ...options,
          ...(claim.forced && { force: true }),
        }),
      signal,
    }
    const request: RecordRequest = {
      integration,
      reference: recordOf(tag),
      given: seals.openGiven(tag),
      taggings: push.backendWanted,
    }
    const planned = await traced('plan push', {}, () => planOf(claim, push, request, ports))
    if (planned === null) return traffic.unheard(claim)
    const { plan, descriptor, fault } = planned
    if (plan === null) {
      await queue.fail(claim, { code: 'NOT_FOUND', message: fault, providerCode: null, retryAfter: null })
      return traffic.unheard(claim)
    }
    const outcome = await perform(push, { plan, descriptor }, await provider.capabilities({ signal }), {
      provider,
      save: (part, activity) => queue.saveActivity(claim, part, activity),
      planRecord: (reference, options) => makeRecordPlan({ ...request, reference }, ports, options),
      recordSettled: (settled) => queue.recordSettled(claim, seals.sealPlan(push.id, settled), settled.record.taggings),
      replanned: (again) =>
        queue.savePlan(
          claim,
          seals.sealPlan(push.id, again),
          activityTypeName(again.filing.activityType),
          again.messages,
        ),
      followed: (successor, followed) => queue.followed(claim, successor, seals.sealPlan(push.id, followed)),
      hash,
      now,
      settleMs,
      signal,
    })
    if (outcome.kind === 'DELIVERED') {
      const { record } = plan
      // All that there is of what was wanted; or a message that is missing would have it tried for ever.
      const messages = Math.max(plan.messages, push.wantedMessages)
      await queue.delivered(claim, { messages, taggings: record.taggings, shortfall: outcome.shortfall })
    } else if (outcome.kind === 'MOVE_ON') await queue.continueElsewhere(claim, outcome.confirmed)
    else {
      await queue.retry(claim, outcomeUnknown, { at: outcome.until, failingSince: failingSince(push) })
      await traffic.unheard(claim)
      return
    }
    await traffic.answered(claim)
    await integrations.noteSuccess(claim.workspaceId, claim.integrationId)
  }

  /**
   * The plan that was made when the push fell due; a new one where messages came since, or the record was tagged again.
   * Null: the conversation is gone, or the retention period leaves nothing to be done for this activity, which is noted.
   */
  async function planOf(
    claim: Claim,
    push: ClaimedPush,
    request: RecordRequest,
    ports: PlannerPorts,
  ): Promise<Planned | null> {
    const { id, planSealed, deliveredMessages, plannedMessages, generation, activities } = push
    const earlier = seals.openPlan({ id, planSealed })
    if (earlier && plannedMessages >= push.wantedMessages && earlier.record.taggings >= push.backendWanted) {
      return resumePlan(earlier, ports)
    }
    const conversation = await conversations.readTranscript(push.workspaceId, push.conversationId)
    if (conversation === null) return null
    const { removedMessages } = conversation
    const without = withoutRemoved(push, removedMessages)
    if (without.kind === 'DONE') {
      if (deliveredMessages < push.wantedMessages) {
        await queue.fail(claim, notKept)
        return null
      }
      if (push.backendWritten < push.backendWanted) return planFieldsAlone(push, request, conversation, ports)
      await queue.delivered(claim, { messages: deliveredMessages, taggings: push.backendWanted, shortfall: null })
      return null
    }
    if (without.kind === 'MOVE_ON') {
      await queue.continueElsewhere(claim, removedMessages)
      return null
    }
    const { startsAfter } = without
    if (startsAfter > push.startsAfter) await queue.startAfter(claim, startsAfter)
    const planned = await makePlan(
      {
        ...request,
        workspace: push.integration.workspace,
        conversation,
        // What came behind, even a moment ago, may be a later generation's.
        messages: conversation.messages.filter(({ arrival }) => arrival <= push.wantedMessages),
        generation,
        startsAfter,
        removedMessages,
        earlier: earlier && {
          plan: earlier,
          delivered: deliveredMessages >= plannedMessages,
          closed: activities.every((activity) => activity.closed),
        },
      },
      ports,
    )
    if (planned.plan !== null) {
      const { filing, messages } = planned.plan
      await queue.savePlan(claim, seals.sealPlan(id, planned.plan), activityTypeName(filing.activityType), messages)
    }
    return planned
  }

  /** The record was tagged again, and its activity is to stay as it is: only the record's fields are written. */
  async function planFieldsAlone(
    { integration: { workspace }, generation, startsAfter, deliveredMessages }: ClaimedPush,
    request: RecordRequest,
    conversation: Transcript,
    ports: PlannerPorts,
  ): Promise<Planned> {
    const { removedMessages } = conversation
    const whole = { ...request, workspace, conversation, messages: [], generation, startsAfter, removedMessages }
    const planned = await makePlan({ ...whole, earlier: null }, ports)
    if (planned.plan === null) return planned
    const closing = { closing: 'LEAVE_OPEN', why: [], warnings: [] } as const
    return { ...planned, plan: { ...planned.plan, parts: [], messages: deliveredMessages, closing } }
  }

  async function settleFailure(claim: Claim, push: ClaimedPush, error: ProviderError): Promise<void> {
    const fault = toFault(error)
    const consequence = consequenceOf(error.code)
    const { id: pushId, integrationId } = claim
    logger.info({ pushId, integrationId, code: error.code, attempts: claim.attempts, consequence }, 'A push failed')
    await integrations.noteFault(claim.workspaceId, integrationId, error)
    // Before the push is let go: nothing else is to be claimed while the CRM wants to be left alone.
    const pauseSeconds = await traffic.failed(claim, error)
    if (consequence === 'FAIL') {
      await queue.fail(claim, fault)
      return
    }
    const settleSeconds = error.code === 'CRM_OUTCOME_UNKNOWN' ? settleMs / 1_000 : null
    await retryOrPark(claim, push, fault, settleSeconds ?? pauseSeconds ?? fault.retryAfter)
  }

  /** @param floor seconds before which it is not tried again */
  async function retryOrPark(claim: Claim, push: ClaimedPush, fault: PushFault, floor: number | null): Promise<void> {
    const since = waitsForAdmin(fault.code) ? null : failingSince(push)
    if (since !== null && isParked({ failingSince: since, now: now(), parkAfterMs })) {
      await queue.fail(claim, parked(fault, parkAfterMs))
      return
    }
    const { attempts } = claim
    const at = retryAt({ attempts, retryAfter: floor, now: now(), random: random() })
    await queue.retry(claim, fault, { at, failingSince: since })
  }

  function failingSince(push: ClaimedPush): Date {
    return push.failingSince ?? new Date(now())
  }
}

const notKept: PushFault = {
  code: 'CONFLICT',
  message:
    'The messages that it should hold were removed, since the retention period is over: nothing can be filed any more. Discard this push.',
  providerCode: null,
  retryAfter: null,
}

const outcomeUnknown: PushFault = {
  code: 'CRM_OUTCOME_UNKNOWN',
  message:
    'The CRM may have filed this already, and its answer was lost. It is looked for before anything is filed again.',
  providerCode: null,
  retryAfter: null,
}
