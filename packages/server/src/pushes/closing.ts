/** Whether an activity is completed once it holds its text (D-CLO). Pure. */
import type { ActivityType, ActivityTypeDescriptor } from '@backchannel/providers'
import type { Channel } from '../conversations/conversation.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { Explanation, PlanNote } from '../plans/plan.ts'
import { settingsId } from './settings-id.ts'

/** NOT_CLOSABLE: a note was to be closed, which has no state. The CRM is not asked to (ruling 3). */
export type Closing = 'LEAVE_OPEN' | 'CLOSE' | 'NOT_CLOSABLE'

export interface ClosingDecision {
  readonly closing: Closing
  readonly why: readonly Explanation[]
  readonly warnings: readonly PlanNote[]
}

/** The sentence that D-CLO-07 fixes. */
export const notClosableSentence = "the 'setstatedynamicentity' method does not support entities of type 'annotation'."

/**
 * Read anew whenever messages are delivered (I-10). Of text messages closing governs the tagging alone, so that
 * what comes later stays open; a chat's activity is closed whenever it was written.
 *
 * @param tagging the delivery follows from the tagging itself, or from one whose closing is still owed
 */
export function decideClosing(input: {
  integration: IntegrationSnapshot
  channel: Channel
  activityType: ActivityType
  descriptor: Pick<ActivityTypeDescriptor, 'closable'>
  tagging: boolean
}): ClosingDecision {
  const { integration, channel, activityType, descriptor, tagging } = input
  const options = integration.settings.dynamics
  if (options === null) return { closing: 'LEAVE_OPEN', why: [], warnings: [] }
  const settingId = settingsId(integration)
  const leaveOpen = (rule: string, text: string, warnings: readonly PlanNote[] = []): ClosingDecision => ({
    closing: 'LEAVE_OPEN',
    why: [{ rule, text, settingId }],
    warnings,
  })
  if (!options.allowActivityClosing) return leaveOpen('D-CLO-08', 'Allow Activity Closing is off.')
  if (channel === 'SMS' && !tagging) {
    return leaveOpen('D-CLO-04', 'Later text messages go into an activity that stays open.')
  }
  if (activityType.type === 'NOTE') {
    return {
      closing: 'NOT_CLOSABLE',
      why: [{ rule: 'D-CLO-07', text: 'Allow Activity Closing is on, and a note cannot be closed.', settingId }],
      warnings: [
        {
          code: 'NOT_CLOSABLE',
          text: 'Notes cannot be closed. Choose Task under Chats Save To, or switch Allow Activity Closing off.',
          settingId,
        },
      ],
    }
  }
  if (!descriptor.closable) {
    const text = 'It is left open: the CRM has no completed state for this kind of activity.'
    return leaveOpen('I-01', text, [{ code: 'NOT_CLOSABLE', text, settingId }])
  }
  const rule = channel === 'CHAT' ? 'D-CLO-05' : 'D-CLO-01'
  return {
    closing: 'CLOSE',
    why: [{ rule, text: 'Allow Activity Closing is on: it is completed once it holds the text.', settingId }],
    warnings: [],
  }
}
