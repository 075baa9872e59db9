/** When a conversation is written, and what becomes of what is said later: a plan of now does not show it. Pure. */
import type { ConversationFacts } from '../conversations/conversation.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { Plan, PlanNote } from '../plans/plan.ts'
import { settingsId } from '../pushes/settings-id.ts'

/** @returns the plan, with notes where it makes an activity */
export function withTimingNotes(
  plan: Plan,
  integration: IntegrationSnapshot,
  conversation: Pick<ConversationFacts, 'channel' | 'status'>,
): Plan {
  if (plan.steps.every(({ kind }) => kind !== 'CREATE_ACTIVITY')) return plan
  const note = conversation.channel === 'CHAT' ? endOf(conversation) : laterMessages(plan, integration)
  return note === null ? plan : { steps: plan.steps, notes: [...plan.notes, note] }
}

function endOf({ status }: Pick<ConversationFacts, 'status'>): PlanNote | null {
  if (status === 'ENDED') return null
  const text = 'The chat is still running. It is written when it has ended, and can be tagged then.'
  return { code: 'CHAT_NOT_ENDED', text }
}

function laterMessages({ steps }: Plan, integration: IntegrationSnapshot): PlanNote {
  const say = (text: string): PlanNote => ({ code: 'LATER_MESSAGES', text, settingId: settingsId(integration) })
  if (integration.settings.dynamics?.allowNewCreation) {
    return say('Allow New Creation is on: every later message makes a new activity, which holds the messages so far.')
  }
  if (steps.some(({ kind }) => kind === 'CLOSE_ACTIVITY')) {
    return say('The next message makes a new activity, which stays open and takes all that follow.')
  }
  return say('Later messages are added to this activity.')
}
