/** One attempt at one push: plan it where that is due, deliver it, write down what became of it. */
import { type CrmProvider, ProviderError } from '@backchannel/providers'
import type { ConversationService } from '../conversations/service.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { Logger } from '../shared/logger.ts'
import { activityKey } from './activity-key.ts'
import { deliver } from './deliver.ts'
import { activityTypeName, defaultActivityType, type PlanInput, type PushPlan, planPush } from './plan.ts'
import { createPlanSeals } from './plan-seal.ts'
import { type Claim, type ClaimedPush, LeaseLostError, type PushFault, type PushQueue } from './queue-store.ts'
import { consequenceOf, retryAt } from './schedule.ts'

export interface AttemptParts {
  queue: PushQueue
  conversations: Pick<ConversationService, 'readTranscript'>
  /** Null: not connected. */
  providerOf(workspaceId: string, integrationId: string): Promise<CrmProvider | null>
  /** Told of every failure: some say that the integration as a whole needs a person. */
  noteFault(workspaceId: string, integrationId: string, error: ProviderError): Promise<void>
  secrets: SecretBox
  logger: Logger
  /** Milliseconds since 1970. */
  now: () => number
  /** Between 0 and 1. */
  random: () => number
  settleMs: number
}

export type Attempt = (claim: Claim, signal: AbortSignal) => Promise<void>

export function createAttempt(parts: AttemptParts): Attempt {
  const { queue, conversations, secrets, logger, now, random, settleMs } = parts
  const seals = createPlanSeals(secrets)
  const hash = (text: string) => secrets.hash('PushActivity.text', text)

  return async function attempt(claim, signal) {
    const push = await queue.load(claim)
    if (push === null) return
    try {
      const provider = await parts.providerOf(claim.workspaceId, claim.integrationId)
      if (provider === null) {
        await queue.waitForIntegration(claim)
        // It may have been connected again between our look and our note.
        await queue.integrationsChanged(claim.integrationId)
        return
      }
      await run(claim, push, provider, signal)
    } catch (error) {
      if (error instanceof LeaseLostError) return
      if (signal.aborted) await queue.release(claim)
      else if (error instanceof ProviderError) await settleFailure(claim, error)
      else {
        logger.error({ err: error, pushId: claim.id }, 'A push failed by a fault of ours; it is tried again')
        await queue.retry(
          claim,
          retryAt({ attempts: claim.attempts, retryAfter: null, now: now(), random: random() }),
          null,
        )
      }
    }
  }

  async function run(claim: Claim, push: ClaimedPush, provider: CrmProvider, signal: AbortSignal): Promise<void> {
    const activityType = defaultActivityType(provider.key)
    const [descriptor, capabilities] = await Promise.all([
      provider.describeActivityType(activityType, { signal }),
      provider.capabilities({ signal }),
    ])
    if (descriptor === null) {
      const message = `The CRM has no activity type ${activityTypeName(activityType)}, or our user there may not see it.`
      await queue.fail(claim, { code: 'NOT_FOUND', message, providerCode: null, retryAfter: null })
      return
    }
    const plan = await planOf(claim, push, { activityType, descriptor })
    if (plan === null) return
    const { tag, integration, conversation, generation } = push
    const outcome = await deliver(
      {
        plan,
        descriptor,
        regarding: { entityName: tag.entityName, remoteId: tag.remoteId },
        keyOf: (part) =>
          activityKey({
            orgId: integration.orgId ?? integration.url,
            workspaceId: push.workspaceId,
            conversationExternalId: conversation.externalId,
            remoteId: tag.remoteId,
            generation,
            part,
          }),
        keyed: capabilities.keyedActivities,
        activities: new Map(push.activities.map((activity) => [activity.part, knownOf(activity)])),
        delivered: push.deliveredMessages,
      },
      { provider, save: (part, activity) => queue.saveActivity(claim, part, activity), hash, now, settleMs, signal },
    )
    if (outcome.kind === 'DELIVERED') await queue.delivered(claim, plan.messages)
    else if (outcome.kind === 'MOVE_ON') await queue.continueElsewhere(claim, outcome.confirmed)
    else await queue.retry(claim, outcome.until, outcomeUnknown)
  }

  /** The plan that was made when the push fell due; a new one where messages came since. Null: the conversation is gone. */
  async function planOf(
    claim: Claim,
    push: ClaimedPush,
    target: Pick<PlanInput, 'activityType' | 'descriptor'>,
  ): Promise<PushPlan | null> {
    if (push.planSealed !== null && push.plannedMessages >= push.wantedMessages) {
      return seals.openPlan({ id: push.id, planSealed: push.planSealed })
    }
    const conversation = await conversations.readTranscript(push.workspaceId, push.conversationId)
    if (conversation === null) return null
    const { generation, startsAfter } = push
    const plan = planPush({
      conversation,
      workspace: push.integration.workspace,
      ...target,
      generation,
      startsAfter,
    })
    await queue.savePlan(claim, seals.sealPlan(push.id, plan), activityTypeName(plan.activityType), plan.messages)
    return plan
  }

  async function settleFailure(claim: Claim, error: ProviderError): Promise<void> {
    const fault: PushFault = {
      code: error.code,
      message: error.message,
      providerCode: error.providerCode ?? null,
      retryAfter: error.retryAfter ?? null,
    }
    const consequence = consequenceOf(error.code)
    const { id: pushId, integrationId } = claim
    logger.info({ pushId, integrationId, code: error.code, attempts: claim.attempts, consequence }, 'A push failed')
    await parts.noteFault(claim.workspaceId, integrationId, error)
    if (consequence === 'FAIL') {
      await queue.fail(claim, fault)
      return
    }
    const { attempts } = claim
    const retryAfter = error.code === 'CRM_OUTCOME_UNKNOWN' ? settleMs / 1_000 : fault.retryAfter
    await queue.retry(claim, retryAt({ attempts, retryAfter, now: now(), random: random() }), fault)
  }
}

const outcomeUnknown: PushFault = {
  code: 'CRM_OUTCOME_UNKNOWN',
  message:
    'The CRM may have filed this already, and its answer was lost. It is looked for before anything is filed again.',
  providerCode: null,
  retryAfter: null,
}

function knownOf(row: ClaimedPush['activities'][number]) {
  const { remoteId, url, closed, textHash, shared, intendedHash, attemptedAt } = row
  return { remoteId, url, closed, textHash, shared, intendedHash, attemptedAt }
}
