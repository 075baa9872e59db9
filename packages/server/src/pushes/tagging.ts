/** Attaching a conversation to CRM records: each gets a tag, and each tag a push. */
import { v7 as uuid } from 'uuid'
import type { ConversationScope } from '../conversations/conversation.ts'
import type { ConversationService } from '../conversations/service.ts'
import type { IntegrationService } from '../integrations/service.ts'
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
import { activityTypeName, defaultActivityType } from './plan.ts'
import type { PushStore, TagRow } from './store.ts'

/** As many records as one request to a CRM finds at ease. */
const MAX_RECORDS = 50

/** Who tags: a viewer is one. */
export type Tagger = ConversationScope & { readonly actor: string }

export interface TagInput {
  conversationId: string
  /** Global IDs of records. */
  recordIds: readonly string[]
  /** A chat that still runs is pushed when it has ended, rather than refused. */
  afterEnd: boolean
  idempotencyKey: string | null
}

/** Finds the records that global IDs name, in their order; an error in the place of one that cannot be had. */
export type RecordLookUp = (recordIds: readonly string[]) => Promise<readonly (ReferenceSnapshot | Error)[]>

/** What became of one record of several (D-CHT-06): its tag, or why there is none. */
export interface TagOutcome {
  readonly recordId: string
  readonly tagId: string | null
  readonly error: ActionableError | null
}

export interface Tagging {
  /**
   * Tags a conversation to records that exist. Each has its own fate; the same record twice is the same tag.
   *
   * @throws ValidationError, NotFoundError, NotEndedError, ConflictError; NotConnectedError where no record's CRM is connected
   */
  tag(viewer: Tagger, input: TagInput, lookUp: RecordLookUp): Promise<TagOutcome[]>
  /** What the record was called when it was tagged. */
  referenceOf(
    row: Pick<TagRow, 'id' | 'integrationId' | 'entityName' | 'remoteId' | 'snapshotSealed'>,
  ): ReferenceSnapshot
}

export interface TaggingParts {
  store: PushStore
  conversations: Pick<ConversationService, 'get'>
  integrations: Pick<IntegrationService, 'find'>
  secrets: SecretBox
  wake: () => void
  now: () => number
}

export function createTagging({ store, conversations, integrations, secrets, wake, now }: TaggingParts): Tagging {
  async function demandOneInput({ workspaceId }: Tagger, input: TagInput): Promise<void> {
    if (!input.idempotencyKey) return
    const { conversationId, recordIds, afterEnd } = input
    const inputHash = secrets.hash(
      'TagRequest.input',
      JSON.stringify([conversationId, [...recordIds].sort(), afterEnd]),
    )
    if ((await store.rememberRequest(workspaceId, input.idempotencyKey, inputHash)) === inputHash) return
    throw new ConflictError('This idempotency key came with another input before. Use a new key for a new request.', {
      code: 'IDEMPOTENCY_CONFLICT',
    })
  }

  async function tagRecord(
    viewer: Tagger,
    conversation: { id: string; due: boolean },
    { integrationId, entityName, remoteId, name, url }: ReferenceSnapshot,
  ): Promise<string> {
    const integration = await integrations.find(viewer.workspaceId, integrationId)
    if (integration === null) throw new NotFoundError('The integration of this record is gone.')
    const id = uuid()
    const tag = {
      id,
      integrationId,
      entityName,
      remoteId,
      snapshotSealed: secrets.seal(snapshotIdentity(id), JSON.stringify({ name, url })),
      taggedBy: viewer.actor,
      activityType: activityTypeName(defaultActivityType(integration.provider)),
    }
    return store.tag(viewer.workspaceId, conversation, tag, new Date(now()))
  }

  return {
    async tag(viewer, input, lookUp) {
      const recordIds = [...new Set(input.recordIds)]
      if (recordIds.length === 0 || recordIds.length > MAX_RECORDS) {
        throw new ValidationError([{ path: ['recordIds'], message: `Name 1 to ${MAX_RECORDS} records.` }])
      }
      demandShortKey(input.idempotencyKey, ['idempotencyKey'])
      const { id, channel, status } = await conversations.get(viewer, input.conversationId)
      const due = channel === 'SMS' || status === 'ENDED'
      if (!due && !input.afterEnd) {
        throw new NotEndedError('The chat is still running. End it first, or ask with afterEnd to have it pushed then.')
      }
      await demandOneInput(viewer, input)
      const found = await lookUp(recordIds)
      const outcomes = await Promise.all(
        recordIds.map(async (recordId, index): Promise<TagOutcome> => {
          const record = found[index] ?? new NotFoundError('There is no such record.')
          if (!(record instanceof Error)) {
            return { recordId, tagId: await tagRecord(viewer, { id, due }, record), error: null }
          }
          if (record instanceof ActionableError) return { recordId, tagId: null, error: record }
          throw record
        }),
      )
      wake()
      const [first] = outcomes
      if (first?.error && outcomes.every(({ error }) => error instanceof NotConnectedError)) throw first.error
      return outcomes
    },

    referenceOf({ id, integrationId, entityName, remoteId, snapshotSealed }) {
      const { name, url } = JSON.parse(secrets.open(snapshotIdentity(id), snapshotSealed))
      return { integrationId, entityName, remoteId, name, url }
    },
  }
}

const snapshotIdentity = (tagId: string) => `Tag:${tagId}:snapshot`
