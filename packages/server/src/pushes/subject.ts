/** What an activity is called (S-SUB, S-SFX, A-43, A-44). Pure. */
import { providerDefinitions } from '@backchannel/providers'
import { type Channel, type Visitor, visitorName } from '../conversations/conversation.ts'
import type { BackendField } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { Explanation, PlanNote } from '../plans/plan.ts'
import { cutText } from '../shared/cut-text.ts'
import { encodeId } from '../shared/global-id.ts'
import { settingsId } from './settings-id.ts'
import { dayOf } from './transcript.ts'
import { toVisible } from './visible-text.ts'

/** A subject in its two halves, so that each part of a long text can say which one it is. */
export interface Heading {
  readonly title: string
  /** Follows behind a pipe; null: none. */
  readonly suffix: string | null
}

export interface HeadingInput {
  integration: IntegrationSnapshot
  workspace: { timeZone: string; brand: string }
  conversation: { channel: Channel; startedAt: Date; visitor: Visitor }
  /** What the agent chose for a subject field of type input. */
  chosen: string | null
}

export function planHeading(input: HeadingInput): {
  heading: Heading
  why: readonly Explanation[]
  warnings: readonly PlanNote[]
} {
  const { integration } = input
  const changed = changedTitle(input)
  const suffix = oneLine(integration.settings.salesforce?.subjectSuffix ?? '') || null
  return {
    heading: { title: changed.title ?? defaultTitle(input), suffix },
    why: [
      ...changed.why,
      ...(suffix === null
        ? []
        : [{ rule: 'S-SFX-04', text: `"${suffix}" follows the subject.`, settingId: settingsId(integration) }]),
    ],
    warnings: changed.warnings,
  }
}

/** The subject of one part within the CRM's limit: what is cut is the title, not what follows it. */
export function subjectOf({ title, suffix }: Heading, part: number, maxLength: number): string {
  const end = `${part === 1 ? '' : ` (part ${part})`}${suffix === null ? '' : ` | ${suffix}`}`
  return cutText(cutText(title, Math.max(0, maxLength - end.length)) + end, maxLength)
}

/** The field that the subject is taken from; undefined where none is set. */
export function subjectField({ settings }: IntegrationSnapshot): BackendField | undefined {
  return settings.backendFields.find((field) => field.target === 'ACTIVITY')
}

interface ChangedTitle {
  /** Null: the default stands. */
  title: string | null
  why: readonly Explanation[]
  warnings: readonly PlanNote[]
}

function changedTitle(input: HeadingInput): ChangedTitle {
  const { integration, chosen } = input
  const usual = explainDefault(input)
  if (integration.settings.salesforce?.allowActivitySubjectChange !== true) {
    return { title: null, why: [usual], warnings: [] }
  }
  const field = subjectField(integration)
  const fallBack = (text: string, settingId: string): ChangedTitle => ({
    title: null,
    why: [usual],
    warnings: [{ code: 'DEFAULT_SUBJECT', text: `The default subject is used: ${text}`, settingId }],
  })
  if (field === undefined) {
    const name = providerDefinitions[integration.provider].descriptor.settings.activitySubjectField
    return fallBack(
      `Allow Activity Subject Change asks for a backend field ${name} of entity type Activity, and there is none.`,
      settingsId(integration),
    )
  }
  const settingId = encodeId('BackendField', field.id)
  if (field.check === 'BROKEN') return fallBack(field.problem ?? 'its backend field is broken.', settingId)
  const title = oneLine((field.variableType === 'CONSTANT' ? field.value : chosen) ?? '') || null
  if (field.variableType === 'CONSTANT') {
    if (title === null) return fallBack('its backend field has no value.', settingId)
    return {
      title,
      why: [{ rule: 'S-SUB-05', text: 'The subject is the one that the admin fixed.', settingId }],
      warnings: [],
    }
  }
  if (title === null) return { title, why: [usual], warnings: [] }
  return {
    title,
    why: [{ rule: 'S-SUB-06', text: 'The subject is the one that the agent chose.', settingId }],
    warnings: [],
  }
}

function defaultTitle({ conversation, workspace }: HeadingInput): string {
  const name = visitorName(conversation.visitor)
  const day = dayOf(conversation.startedAt, workspace.timeZone)
  const prefix = prefixOf({ conversation, workspace })
  return name === null ? `${prefix}, ${day}` : `${prefix} with ${oneLine(name)}, ${day}`
}

function explainDefault(input: HeadingInput): Explanation {
  return {
    rule: input.integration.settings.salesforce === null ? 'X-DIF-11' : 'S-SUB-02',
    text: `The subject begins with "${prefixOf(input)}"; visitor and day follow.`,
  }
}

const prefixOf = ({ conversation, workspace }: Pick<HeadingInput, 'conversation' | 'workspace'>) =>
  `${workspace.brand} ${conversation.channel === 'SMS' ? 'SMS' : 'Chat'}`

const oneLine = (text: string) => toVisible(text.replaceAll(/\s+/gu, ' ')).trim()
