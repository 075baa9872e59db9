/** What must be in the CRM for one push, decided before anything is sent (decision 1). Pure. */
import {
  type ActivityType,
  type ActivityTypeDescriptor,
  type ProviderKey,
  providerDefinitions,
} from '@backchannel/providers'
import { visitorName } from '../conversations/conversation.ts'
import type { Transcript } from '../conversations/service.ts'
import { cutText, type Part, splitPassages } from './split.ts'
import { dayOf, renderMessages } from './transcript.ts'

/** Why something was decided: `rule` is a row of features.md. */
export interface Explanation {
  readonly rule: string
  readonly text: string
}

/** Something that a person should know of. */
export interface PlanNote {
  readonly code: string
  readonly text: string
}

/** Plain data: kept with the push, and carried out as often as it takes. */
export interface PushPlan {
  readonly activityType: ActivityType
  /** Of the first part; the others say which part they are. */
  readonly subject: string
  readonly parts: readonly Part[]
  /** The messages that arrived up to this one are in it, from the one behind `startsAfter` on. */
  readonly messages: number
  readonly startsAfter: number
  readonly warnings: readonly PlanNote[]
  readonly why: readonly Explanation[]
}

export interface PlanInput {
  conversation: Transcript
  workspace: { timeZone: string; brand: string }
  activityType: ActivityType
  /** What the org's activity type can hold. */
  descriptor: ActivityTypeDescriptor
  /** Above 1: an earlier activity could not be continued. */
  generation: number
  /** Messages up to this one are in an earlier activity. */
  startsAfter: number
}

/** Where transcripts go unless the admin says otherwise. */
export function defaultActivityType(provider: ProviderKey): ActivityType {
  return providerDefinitions[provider].descriptor.activityType
}

/** The CRM-independent name of an activity type. */
export function activityTypeName(type: ActivityType): string {
  return type.type === 'CUSTOM' ? type.entityName : type.type
}

export function planPush(input: PlanInput): PushPlan {
  const { conversation, workspace, activityType, descriptor, generation, startsAfter } = input
  const { channel, visitor, startedAt, messages } = conversation
  const rendered = renderMessages(
    messages.filter((message) => message.arrival > startsAfter),
    visitor,
    workspace.timeZone,
  )
  const name = visitorName(visitor)
  const prefix = `${workspace.brand} ${channel === 'SMS' ? 'SMS' : 'Chat'}`
  const day = dayOf(startedAt, workspace.timeZone)
  const subject = name === null ? `${prefix}, ${day}` : `${prefix} with ${name.replaceAll(/\s+/gu, ' ')}, ${day}`
  const continued = generation > 1
  return {
    activityType,
    subject: cutText(subject, descriptor.subjectMaxLength),
    parts: splitPassages(rendered, descriptor.bodyMaxLength, openingOf(rendered.length, continued)),
    messages: messages.reduce((most, message) => Math.max(most, message.arrival), 0),
    startsAfter,
    warnings: [],
    why: [
      activityType.type === 'NOTE'
        ? { rule: 'D-SAV-02', text: 'Transcripts are saved as notes unless the settings say otherwise.' }
        : { rule: 'X-DIF-08', text: 'Transcripts are saved as tasks.' },
      { rule: 'A-43', text: `The subject begins with "${prefix}"; visitor and day follow.` },
      ...(continued
        ? [
            {
              rule: 'A-51',
              text: `An earlier activity holds the first ${startsAfter} messages and could not take more.`,
            },
          ]
        : []),
    ],
  }
}

function openingOf(messages: number, continued: boolean): string | null {
  if (continued) return '(continues an earlier activity, which was closed, deleted or full)'
  return messages === 0 ? '(no messages)' : null
}

/** The subject of one part, within the CRM's limit. */
export function subjectOf(plan: Pick<PushPlan, 'subject'>, part: number, maxLength: number): string {
  const suffix = part === 1 ? '' : ` (part ${part})`
  return cutText(plan.subject, maxLength - suffix.length) + suffix
}
