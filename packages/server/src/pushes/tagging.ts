/** Attaching a conversation to CRM records: each gets a tag, and each tag a push. */
import { v7 as uuid } from 'uuid'
import type { ConversationScope } from '../conversations/conversation.ts'
import type { ConversationService } from '../conversations/service.ts'
import type { IntegrationService } from '../integrations/service.ts'
import type { FieldValueInput } from '../records/read-form.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import {
  ActionableError,
  ConflictError,
  NotConnectedError,
  NotEndedError,
  NotFoundError,
  type ReferenceSnapshot,
  ValidationError,
} from '../shared/errors.ts'
import { demandShortKey } from '../shared/idempotency-key.ts'
import { activityTypeName, chooseActivityType } from './activity-choice.ts'
import { checkGiven, type LookupCheck } from './check-given.ts'
import { givenFor } from './given-values.ts'
import { entityTypeWithBackendFields } from './record-plan.ts'
import { createPushSeals } from './seals.ts'
import type { PushStore, TagRow } from './store.ts'

/** As many records as one request to a CRM finds at ease. */
const MAX_RECORDS = 50

/** Who tags: a viewer is one. */
export type Tagger = ConversationScope & { readonly actor: string }

export interface TagInput {
  conversationId: string
  /** Global IDs of records. */
  recordIds: readonly string[]
  /** For the backend inputs of those records. */
  backendValues: readonly FieldValueInput[]
  /** A chat that still runs is pushed when it has ended, rather than refused. */
  afterEnd: boolean
  idempotencyKey: string | null
}

/** Finds the records that global IDs name, in their order; an error in the place of one that cannot be had. */
export type RecordLookUp = (recordIds: readonly string[]) => Promise<readonly (ReferenceSnapshot | Error)[]>

/** What tagging asks of the records' own domain. */
export interface TaggedRecords {
  references: RecordLookUp
  checkLookups: LookupCheck
}

/** What became of one record of several (D-CHT-06): its tag, or why there is none. */
export interface TagOutcome {
  readonly recordId: string
  readonly tagId: string | null
  readonly error: ActionableError | null
}

export interface Tagging {
  /**
   * Tags a conversation to records that exist. Each has its own fate; the same record twice is the same tag, and has its
   * backend fields written once more.
   *
   * @throws ValidationError, NotFoundError, NotEndedError, ConflictError; NotConnectedError where no record's CRM is connected
   */
  tag(viewer: Tagger, input: TagInput, asked: TaggedRecords): Promise<TagOutcome[]>
  /**
   * Tags it to a record that was just made, whose values were checked with the record's own. A running chat is pushed when
   * it has ended. Answers the tag.
   */
  tagRecord(
    viewer: Tagger,
    conversationId: string,
    record: ReferenceSnapshot,
    backendValues: readonly FieldValueInput[],
  ): Promise<string>
  /**
   * Tags it by a rule rather than a person, with constants as its only backend values; a running chat is pushed when it
   * has ended. Answers the tag; null where a person took this record off the conversation before: a rule does not
   * overrule them.
   *
   * @throws NotFoundError where the conversation or the integration is gone
   */
  tagAutomatically(workspaceId: string, conversationId: string, record: ReferenceSnapshot): Promise<string | null>
  /**
   * Takes a record off its conversation: later messages do not follow, what was not begun is given up, and what was
   * written stays. Doing it again changes nothing. Answers the conversation.
   *
   * @throws NotFoundError
   */
  untag(viewer: Tagger, tagId: string): Promise<string>
  /** What the record was called when it was tagged. */
  referenceOf(
    row: Pick<TagRow, 'id' | 'integrationId' | 'entityName' | 'remoteId' | 'snapshotSealed'>,
  ): ReferenceSnapshot
}

export interface TaggingParts {
  store: PushStore
  conversations: Pick<ConversationService, 'get'>
  integrations: Pick<IntegrationService, 'find' | 'describe'>
  secrets: SecretBox
  wake: () => void
  now: () => number
}

export function createTagging({ store, conversations, integrations, secrets, wake, now }: TaggingParts): Tagging {
  const seals = createPushSeals(secrets)

  /** Whether this very request came before. */
  async function demandOneInput({ workspaceId }: Tagger, input: TagInput): Promise<boolean> {
    if (!input.idempotencyKey) return false
    const { conversationId, recordIds, backendValues, afterEnd } = input
    const inputHash = secrets.hash(
      'TagRequest.input',
      JSON.stringify([
        conversationId,
        [...recordIds].sort(),
        afterEnd,
        ...(backendValues.length ? [backendValues] : []),
      ]),
    )
    const first = await store.rememberRequest(workspaceId, input.idempotencyKey, inputHash)
    if (first.inputHash === inputHash) return first.isKnown
    throw new ConflictError('This idempotency key came with another input before. Use a new key for a new request.', {
      code: 'IDEMPOTENCY_CONFLICT',
    })
  }

  async function findConversation(scope: ConversationScope, conversationId: string) {
    const { id, channel, status } = await conversations.get(scope, conversationId)
    return { id, due: channel === 'SMS' || status === 'ENDED' }
  }

  async function tagRecord(
    { workspaceId, actor }: { workspaceId: string; actor: string | null },
    conversation: { id: string; due: boolean },
    record: ReferenceSnapshot,
    { backendValues, isRepeated }: Pick<TagInput, 'backendValues'> & { isRepeated: boolean },
  ): Promise<string> {
    const { integrationId, entityName, remoteId, name, url } = record
    const integration = await integrations.find(workspaceId, integrationId)
    if (integration === null) throw new NotFoundError('The integration of this record is gone.')
    const given = givenFor(integration, entityName, backendValues)
    const id = uuid()
    const tag = {
      id,
      integrationId,
      entityName,
      remoteId,
      sealSnapshot: (tagId: string) => seals.sealSnapshot(tagId, { name, url }),
      taggedBy: actor,
      activityType: activityTypeName(chooseActivityType(integration).activityType),
      sealGiven: (tagId: string) => seals.sealGiven(tagId, given),
      revives: !isRepeated,
      writesAgain: !isRepeated && entityTypeWithBackendFields(integration, entityName) !== null,
    }
    return store.tag(workspaceId, conversation, tag, new Date(now()))
  }

  return {
    async tag(viewer, input, { references, checkLookups }) {
      const recordIds = [...new Set(input.recordIds)]
      if (recordIds.length === 0 || recordIds.length > MAX_RECORDS) {
        throw new ValidationError([{ path: ['recordIds'], message: `Name 1 to ${MAX_RECORDS} records.` }])
      }
      demandShortKey(input.idempotencyKey, ['idempotencyKey'])
      const conversation = await findConversation(viewer, input.conversationId)
      if (!conversation.due && !input.afterEnd) {
        throw new NotEndedError('The chat is still running. End it first, or ask with afterEnd to have it pushed then.')
      }
      const answers = await references(recordIds)
      const found = recordIds.map((_, index) => answers[index] ?? new NotFoundError('There is no such record.'))
      const records = found.filter((it): it is ReferenceSnapshot => !(it instanceof Error))
      const others = records.length < found.length
      const check = await checkGiven(
        integrations,
        viewer.workspaceId,
        { records, others },
        input.backendValues,
        checkLookups,
      )
      if (check.faults.length > 0) throw new ValidationError(check.faults)
      const isRepeated = await demandOneInput(viewer, input)
      const outcomes = await Promise.all(
        found.map(async (record, index): Promise<TagOutcome> => {
          const recordId = recordIds[index] ?? ''
          const error = record instanceof Error ? record : check.failureOf(record)
          if (error instanceof ActionableError) return { recordId, tagId: null, error }
          if (record instanceof Error) throw record
          const tagId = await tagRecord(viewer, conversation, record, {
            backendValues: input.backendValues,
            isRepeated,
          })
          return { recordId, tagId, error: null }
        }),
      )
      wake()
      const [first] = outcomes
      if (first?.error && outcomes.every(({ error }) => error instanceof NotConnectedError)) throw first.error
      return outcomes
    },

    async tagRecord(viewer, conversationId, record, backendValues) {
      const conversation = await findConversation(viewer, conversationId)
      // Making the record again is the same tagging.
      const tagId = await tagRecord(viewer, conversation, record, { backendValues, isRepeated: true })
      wake()
      return tagId
    },

    async tagAutomatically(workspaceId, conversationId, record) {
      const conversation = await findConversation({ workspaceId, conversationIds: null }, conversationId)
      const tagger = { workspaceId, actor: null }
      const tagId = await tagRecord(tagger, conversation, record, { backendValues: [], isRepeated: true })
      wake()
      const tag = await store.findTag({ workspaceId, conversationIds: null }, tagId)
      return tag?.removedAt === null ? tagId : null
    },

    async untag(viewer, tagId) {
      const tag = await store.findTag(viewer, tagId)
      if (tag === null) throw new NotFoundError('There is no tag of this id that you may see.')
      await store.untag(viewer, tagId, { by: viewer.actor, at: new Date(now()) })
      wake()
      return tag.conversationId
    },

    referenceOf({ id, integrationId, entityName, remoteId, snapshotSealed }) {
      return { integrationId, entityName, remoteId, ...seals.openSnapshot({ id, snapshotSealed }) }
    },
  }
}
