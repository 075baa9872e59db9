/**
 * What agents would see and what would be written, with settings and a conversation that need not be saved (decision 1):
 * the plans are those that searches, forms and the worker carry out. Nothing is written, neither here nor in a CRM.
 */
import type { Message } from '../conversations/conversation.ts'
import type { DraftInput } from '../conversations/input.ts'
import type { ConversationService } from '../conversations/service.ts'
import type { EntityTypeSnapshot, IntegrationService, IntegrationSnapshot } from '../integrations/service.ts'
import type { Plan, PlanNote, PlannedValue } from '../plans/plan.ts'
import { createDryRun } from '../pushes/dry-run.ts'
import type { PushService } from '../pushes/service.ts'
import type { AccountKind } from '../records/account-kind.ts'
import { createRecordLoaders } from '../records/loaders.ts'
import type { FieldValueInput } from '../records/read-form.ts'
import { decodeRecordId, recordNodeId } from '../records/record-id.ts'
import { toReference } from '../records/record-node.ts'
import { nameOnly, type SelectedAttributes } from '../records/selection.ts'
import {
  backendValuesOf,
  type CreateRecordInput,
  type LookupOption,
  type LookupRequest,
  type RecordForm,
  type RecordService,
  type TagFormSection,
} from '../records/service.ts'
import { planTagForm } from '../records/tag-form.ts'
import type { MatchAnswer } from '../search/match.ts'
import type { PanelIntegration } from '../search/panel.ts'
import type { SearchRecordsAnswer, SearchRecordsInput, SearchService } from '../search/service.ts'
import type { SettingsService } from '../settings/service.ts'
import { NotFoundError, type ReferenceSnapshot, ValidationError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import type { WorkspaceService } from '../workspaces/service.ts'
import { readDraft, type TriedConversation } from './draft.ts'
import { withStableIds } from './stable-ids.ts'
import { withTimingNotes } from './timing-notes.ts'

export interface PreviewInput {
  integrationId: string
  /** A settings document; null: the settings in force. */
  settings: unknown
  conversationId: string | null
  conversation: DraftInput | null
}

/** One integration, and a conversation where one was given. */
export interface PreviewSubject {
  readonly integration: IntegrationSnapshot
  readonly conversation: TriedConversation | null
}

export interface PreviewForm {
  entityTypeId: string
  accountKind: AccountKind | null
  recordType: string | null
}

/** Every method throws what the real thing throws. */
export interface PreviewService {
  /** @throws ValidationError, NotFoundError */
  open(viewer: Viewer, input: PreviewInput): Promise<PreviewSubject>
  panel(subject: PreviewSubject, signal: AbortSignal): Promise<PanelIntegration[]>
  /** Nothing without a conversation. */
  match(
    viewer: Viewer,
    subject: PreviewSubject,
    selected: SelectedAttributes,
    signal: AbortSignal,
  ): Promise<MatchAnswer>
  search(
    viewer: Viewer,
    subject: PreviewSubject,
    input: SearchRecordsInput,
    selected: SelectedAttributes,
    signal: AbortSignal,
  ): Promise<SearchRecordsAnswer>
  form(subject: PreviewSubject, form: PreviewForm, signal: AbortSignal): Promise<RecordForm>
  tagForm(subject: PreviewSubject, recordIds: readonly string[], signal: AbortSignal): Promise<TagFormSection[]>
  /** What a look-up input of these settings lets one choose from. */
  lookUp(subject: PreviewSubject, request: LookupRequest, signal: AbortSignal): Promise<LookupOption[]>
  planRecord(viewer: Viewer, subject: PreviewSubject, input: CreateRecordInput, signal: AbortSignal): Promise<Plan>
  planPush(
    viewer: Viewer,
    subject: PreviewSubject,
    request: { recordIds: readonly string[]; backendValues: readonly FieldValueInput[] },
    signal: AbortSignal,
  ): Promise<Plan>
}

export interface PreviewServiceParts {
  integrations: Pick<IntegrationService, 'find' | 'call' | 'describe'>
  settings: Pick<SettingsService, 'tryOut'>
  conversations: Pick<ConversationService, 'facts' | 'readTranscript'>
  records: Pick<RecordService, 'formFor' | 'planCreate' | 'lookUpIn'>
  pushes: Pick<PushService, 'taggedRecords'>
  search: Pick<SearchService, 'panelOf' | 'matchOf' | 'searchIn'>
  workspaces: Pick<WorkspaceService, 'get'>
  /** Milliseconds since 1970. */
  now: () => number
}

/** As many as one request to tag takes. */
const mostRecords = 50

export function createPreviewService(parts: PreviewServiceParts): PreviewService {
  const { integrations, settings, conversations, records, pushes, search, workspaces, now } = parts
  const dryRun = createDryRun({ integrations, workspaceOf: workspaces.get })

  async function integrationOf(viewer: Viewer, input: PreviewInput): Promise<IntegrationSnapshot> {
    const saved = await integrations.find(viewer.workspaceId, input.integrationId)
    if (saved === null) throw new NotFoundError('There is no such integration in this workspace.')
    if (input.settings === null || input.settings === undefined) return saved
    const { integration } = await settings.tryOut(viewer, saved.id, input.settings)
    return withStableIds(integration, saved)
  }

  async function conversationOf(viewer: Viewer, input: PreviewInput): Promise<TriedConversation | null> {
    const { conversationId, conversation } = input
    if (conversation !== null) {
      const { chatVariables } = await workspaces.get(viewer.workspaceId)
      return readDraft(conversation, ['input', 'conversation'], { declared: chatVariables, now: now() })
    }
    if (conversationId === null) return null
    const facts = await conversations.facts(viewer, conversationId)
    const transcript = await conversations.readTranscript(viewer.workspaceId, conversationId)
    const messages: readonly Message[] = transcript?.messages ?? []
    return { facts, messages }
  }

  function entityTypeOf({ integration }: PreviewSubject, id: string) {
    const entityType = integration.entityTypes.find((it) => it.id === id)
    if (!entityType) throw new NotFoundError('This integration has no such entity type.')
    return entityType
  }

  /** Records of entity types that the settings name, whether they are saved or not. */
  function recordsOf({ integration }: PreviewSubject, recordIds: readonly string[]) {
    return demandRecordIds(recordIds).map((recordId) => {
      const key = decodeRecordId(recordId)
      const entityType = integration.entityTypes.find((it) => it.name === key?.entityName)
      if (key?.integrationId !== integration.id || !entityType) throw notOfThis()
      return { recordId, key, integration, entityType }
    })
  }

  async function referencesOf(
    viewer: Viewer,
    subject: PreviewSubject,
    recordIds: readonly string[],
    signal: AbortSignal,
  ): Promise<ReferenceSnapshot[]> {
    const { call, describe } = integrations
    const loaders = createRecordLoaders({ call, describe, find: async () => subject.integration }, viewer, signal)
    return Promise.all(
      recordsOf(subject, recordIds).map(async ({ key }) => {
        const node = await loaders.load(key, nameOnly)
        if (node === null) throw notOfThis()
        return toReference(node)
      }),
    )
  }

  /** What a record that is yet to be made is tagged with. */
  async function planPushToNew(
    { integration, conversation }: PreviewSubject,
    { name: entityName }: EntityTypeSnapshot,
    { backendValues, madeWith }: { backendValues: readonly FieldValueInput[]; madeWith: readonly PlannedValue[] },
    signal: AbortSignal,
  ): Promise<Plan> {
    if (conversation === null) return { steps: [], notes: [] }
    const record = { integrationId: integration.id, entityName, remoteId: '', name: null, url: null }
    const { facts, messages } = conversation
    const request = { integration, records: [record], isTagged: () => false, conversation: facts, messages }
    const plan = await dryRun({ ...request, backendValues, madeWith }, signal)
    const { steps, notes } = withTimingNotes(plan, integration, facts)
    return { steps: steps.map((step) => ({ ...step, target: null })), notes }
  }

  function formRequest(subject: PreviewSubject, { entityTypeId, accountKind, recordType }: PreviewForm) {
    const { integration, conversation } = subject
    const entityType = entityTypeOf(subject, entityTypeId)
    return { integration, entityType, facts: conversation?.facts ?? null, accountKind, recordType }
  }

  return {
    async open(viewer, input) {
      if (input.conversationId !== null && input.conversation !== null) {
        const message = 'Give either the id of a conversation or one to try out, not both.'
        throw new ValidationError([{ path: ['input', 'conversation'], message }])
      }
      const [integration, conversation] = await Promise.all([
        integrationOf(viewer, input),
        conversationOf(viewer, input),
      ])
      return { integration, conversation }
    },

    panel: ({ integration, conversation }, signal) =>
      search.panelOf([integration], conversation?.facts ?? null, signal),

    async match(viewer, { integration, conversation }, selected, signal) {
      if (conversation === null) return { match: null, why: [] }
      return search.matchOf(viewer, [integration], conversation.facts, selected, signal)
    },

    search: (viewer, { integration, conversation }, input, selected, signal) =>
      search.searchIn(viewer, [integration], input, conversation?.facts ?? null, selected, signal),

    form: (subject, form, signal) => records.formFor(formRequest(subject, form), { signal }),

    tagForm: async (subject, recordIds, signal) => planTagForm(integrations, recordsOf(subject, recordIds), { signal }),

    lookUp: ({ integration }, request, signal) => records.lookUpIn([integration], request, signal),

    async planRecord(viewer, subject, input, signal) {
      const { entityTypeId, accountKind = null, recordType = null } = input
      if (input.integrationId !== subject.integration.id) {
        const message = 'Name the integration that the preview is of.'
        throw new ValidationError([{ path: ['input', 'integrationId'], message }])
      }
      const request = formRequest(subject, { entityTypeId, accountKind, recordType })
      const { plan, read } = await records.planCreate(viewer, request, input, { signal, path: ['input'] })
      if (subject.conversation === null) return plan
      const made = { backendValues: backendValuesOf(read), madeWith: plan.steps.flatMap(({ values }) => values) }
      const push = await planPushToNew(subject, request.entityType, made, signal)
      return { steps: [...plan.steps, ...push.steps], notes: distinct([...plan.notes, ...push.notes]) }
    },

    async planPush(viewer, { integration, conversation }, { recordIds, backendValues }, signal) {
      if (conversation === null) {
        const message = 'Give a conversation to the preview: its messages are what is written.'
        throw new ValidationError([{ path: ['input', 'conversation'], message }])
      }
      const { facts, messages } = conversation
      const [found, tagged] = await Promise.all([
        referencesOf(viewer, { integration, conversation }, recordIds, signal),
        facts.id === null ? [] : pushes.taggedRecords(viewer, facts.id),
      ])
      const taggedIds = new Set(tagged.map(recordNodeId))
      const isTagged = (record: ReferenceSnapshot) => taggedIds.has(recordNodeId(record))
      const request = { integration, records: found, isTagged, conversation: facts, messages, backendValues }
      return withTimingNotes(await dryRun({ ...request, madeWith: null }, signal), integration, facts)
    },
  }
}

/** Making a record and tagging it may be noted alike. */
function distinct(notes: readonly PlanNote[]): PlanNote[] {
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()]
}

function demandRecordIds(recordIds: readonly string[]): string[] {
  const ids = [...new Set(recordIds)]
  if (ids.length > 0 && ids.length <= mostRecords) return ids
  throw new ValidationError([{ path: ['recordIds'], message: `Name 1 to ${mostRecords} records.` }])
}

const notOfThis = () => new NotFoundError('There is no such record in the integration of this preview.')
