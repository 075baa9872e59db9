/** What must be in the CRM for one push, decided before anything is sent (decision 1). Pure. */
import type { ActivityType, ActivityTypeDescriptor } from '@backchannel/providers'
import type { ConversationFacts, Message } from '../conversations/conversation.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { Explanation, Plan, PlanNote, PlanStep } from '../plans/plan.ts'
import type { ReferenceSnapshot } from '../shared/errors.ts'
import { type ActivityChoice, activityTypeName } from './activity-choice.ts'
import { type ClosingDecision, decideClosing } from './closing.ts'
import { chosenSubject, type GivenValue } from './given-values.ts'
import type { RecordPlan } from './record-plan.ts'
import { settingsId } from './settings-id.ts'
import { addsBeforeLast, bodyOf, movesPassages, type Part, splitPassages } from './split.ts'
import { type Heading, planHeading, subjectOf } from './subject.ts'
import { renderMessages } from './transcript.ts'

/** Plain data: kept with the push, and carried out as often as it takes. */
export interface PushPlan {
  readonly filing: Filing
  /** Of the first part; the others say which part they are. */
  readonly subject: string
  readonly parts: readonly Part[]
  /**
   * Where these parts move text from one to another, or one that is not the last gets more, because a message came late:
   * what they were when they were last delivered. It holds where a person had a hand in one of them.
   */
  readonly partsBefore?: readonly Part[] | null
  /** The messages that arrived up to this one are in it, from the one behind `startsAfter` on. */
  readonly messages: number
  readonly startsAfter: number
  readonly closing: ClosingDecision
  readonly record: RecordPlan
}

/** Decided once for an activity: a thread keeps its activity, its type and its name (I-10). */
interface Filing {
  readonly activityType: ActivityType
  readonly heading: Heading
  readonly warnings: readonly PlanNote[]
  readonly why: readonly Explanation[]
}

/** What the plan before this one, for the same activity, came to. */
export interface EarlierPlan {
  readonly plan: PushPlan
  /** Its text is in the CRM. */
  readonly delivered: boolean
  readonly closed: boolean
}

export interface PlanInput {
  integration: IntegrationSnapshot
  workspace: { timeZone: string; brand: string }
  conversation: Pick<ConversationFacts, 'channel' | 'startedAt' | 'visitor'>
  messages: readonly Message[]
  activity: Pick<ActivityChoice, 'activityType' | 'why'>
  /** What the org's activity type can hold. */
  descriptor: ActivityTypeDescriptor
  record: RecordPlan
  /** What the agent gave when the record was tagged. */
  given: readonly GivenValue[]
  /** Above 1: an earlier activity could not be continued. */
  generation: number
  /** Messages up to this one are in an earlier activity, or were removed. */
  startsAfter: number
  /** Messages up to this one were removed when the retention period was over (ruling 8). */
  removedMessages: number
  /** Null: this is the first plan for this activity. */
  earlier: EarlierPlan | null
}

export function planPush(input: PlanInput): PushPlan {
  const { integration, workspace, conversation, messages, descriptor, record, startsAfter } = input
  const rendered = renderMessages(
    messages.filter((message) => message.arrival > startsAfter),
    conversation.visitor,
    workspace.timeZone,
  )
  const filing = input.earlier?.plan.filing ?? decideFiling(input)
  const parts = splitPassages(rendered, descriptor.bodyMaxLength, openingOf(rendered.length, input))
  return {
    filing,
    subject: subjectOf(filing.heading, 1, descriptor.subjectMaxLength),
    parts,
    partsBefore: input.earlier && partsBefore(input.earlier, parts),
    messages: messages.reduce((most, message) => Math.max(most, message.arrival), startsAfter),
    startsAfter,
    closing: decideClosing({
      integration,
      channel: conversation.channel,
      activityType: filing.activityType,
      descriptor,
      tagging: isTagging(input),
    }),
    record,
  }
}

function partsBefore({ plan, delivered }: EarlierPlan, parts: readonly Part[]): readonly Part[] | null {
  const before = (delivered ? null : plan.partsBefore) ?? plan.parts
  return movesPassages(before, parts) || addsBeforeLast(before, parts) ? before : null
}

function decideFiling(input: PlanInput): Filing {
  const { integration, activity, given, generation } = input
  const { heading, warnings, why } = planHeading({ ...input, chosen: chosenSubject(integration, given) })
  return {
    activityType: activity.activityType,
    heading,
    warnings,
    why: [activity.why, ...why, ...(generation > 1 ? [furtherActivity(input)] : [])],
  }
}

const theFirst = (messages: number) => (messages === 1 ? 'the first message' : `the first ${messages} messages`)

function furtherActivity({ integration, startsAfter, removedMessages }: PlanInput): Explanation {
  if (startsAfter > 0 && startsAfter <= removedMessages) {
    return {
      rule: 'A-51',
      text: 'What was said before is not kept any more: what came since is in an activity of its own.',
    }
  }
  if (startsAfter > 0) {
    return {
      rule: 'A-51',
      text: `An earlier activity took ${theFirst(startsAfter)} and takes no more.`,
    }
  }
  if (integration.settings.dynamics?.allowNewCreation) {
    const text = 'Allow New Creation is on: a new message makes an activity that holds all so far.'
    return { rule: 'D-NEW-03', text, settingId: settingsId(integration) }
  }
  return { rule: 'A-51', text: 'It follows an earlier activity of this conversation, and holds all messages so far.' }
}

/** Whether a delivery follows from the tagging, rather than from a later message. */
function isTagging({ generation, earlier }: PlanInput): boolean {
  if (generation > 1) return false
  if (earlier === null || !earlier.delivered) return true
  const { closing } = earlier.plan.closing
  return closing === 'NOT_CLOSABLE' || (closing === 'CLOSE' && !earlier.closed)
}

function openingOf(
  messages: number,
  { startsAfter, removedMessages, generation }: Pick<PlanInput, 'startsAfter' | 'removedMessages' | 'generation'>,
): string | null {
  if (startsAfter > 0 && startsAfter <= removedMessages) {
    const from = generation > 1 ? 'continues an earlier activity: ' : ''
    return `(${from}what was said before is not kept any more)`
  }
  if (startsAfter > 0) return '(continues an earlier activity, which was closed, deleted or full)'
  return messages === 0 ? '(no messages)' : null
}

/** What a person should know of. */
export function warningsOf({ filing, closing, record }: PushPlan): PlanNote[] {
  return [...filing.warnings, ...closing.warnings, ...record.notes]
}

/** Why it is as it is. */
export function whyOf({ filing, closing, record }: PushPlan): Explanation[] {
  return [...filing.why, ...closing.why, ...record.why]
}

/** A push plan in the words that all plans share, in the order in which it is done. */
export function stepsOf(plan: PushPlan, target: ReferenceSnapshot, descriptor: ActivityTypeDescriptor): Plan {
  const { filing, parts, closing, record } = plan
  const activity = { target, entityName: activityTypeName(filing.activityType), values: [] }
  const written = parts.map(
    (part, index): PlanStep => ({
      ...activity,
      kind: 'CREATE_ACTIVITY',
      subject: subjectOf(filing.heading, index + 1, descriptor.subjectMaxLength),
      body: bodyOf(part),
    }),
  )
  const closed = written.map((step): PlanStep => ({ ...step, kind: 'CLOSE_ACTIVITY', body: null }))
  const update: PlanStep = {
    kind: 'UPDATE_RECORD',
    target,
    entityName: target.entityName,
    values: record.values,
    subject: null,
    body: null,
  }
  return {
    steps: [...written, ...(closing.closing === 'CLOSE' ? closed : []), ...(record.values.length > 0 ? [update] : [])],
    notes: warningsOf(plan),
  }
}
