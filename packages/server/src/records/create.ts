/** Makes a record in a CRM, once (ruling 9): the intent is kept first, and the same idempotency key resumes it. */
import { type CrmProvider, type FieldValue, ProviderError, providerDefinitions } from '@backchannel/providers'
import { v5 as derivedUuid, v7 as uuid } from 'uuid'
import type { IntegrationService } from '../integrations/service.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { ConflictError, CrmError, DuplicateError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import type { AccountKind } from './account-kind.ts'
import { defaultFieldId } from './default-inputs.ts'
import type { FieldValueInput, FormRead } from './form.ts'
import type { RecordForm } from './form-planner.ts'
import type { RecordIntentStore } from './intent-store.ts'
import { encodeRecordId, type RecordKey } from './record-id.ts'
import { type RecordNode, toRecordNode } from './record-node.ts'
import type { RecordPlan } from './record-plan.ts'
import { writtenRecord } from './written-record.ts'

export interface CreateRecordInput {
  integrationId: string
  entityTypeId: string
  accountKind?: AccountKind | null | undefined
  recordType?: string | null | undefined
  values: readonly FieldValueInput[]
  /** Of backend inputs; they may stand among `values` as well. */
  backendValues?: readonly FieldValueInput[] | null | undefined
  /** The new record is tagged with this conversation. */
  conversationId?: string | null | undefined
  allowDuplicate: boolean
  idempotencyKey?: string | null | undefined
}

export interface RecordMade {
  recordId: string
  /** As it was written: what is answered where the CRM cannot be asked for it now. */
  written: RecordNode
  /** Of the tag that attaches the conversation; null where none was given. */
  tagId: string | null
  warnings: string[]
}

export interface RecordMakerParts {
  integrations: IntegrationService
  intents: RecordIntentStore
  secrets: SecretBox
  /** Attaches a conversation to a record; a running chat is pushed when it has ended. Answers the tag's id. */
  tagNewRecord(
    viewer: Viewer,
    conversationId: string,
    record: RecordKey & { recordId: string },
    /** What the agent gave for backend inputs. */
    backendValues: readonly FieldValueInput[],
  ): Promise<string>
}

/** A form that was filled in, and what is to be written because of it. */
export interface PlannedRecord {
  readonly form: RecordForm
  readonly read: FormRead
  readonly plan: RecordPlan
}

/** Namespace of the keys that we choose for records; theirs alone. */
const recordNamespace = '5f2c1c1e-7f0b-5d0a-9a3e-0c4f5a4b6d11'

type KeyedInput = CreateRecordInput & { idempotencyKey: string }

export function createRecordMaker({ integrations, intents, secrets, tagNewRecord }: RecordMakerParts) {
  // Keyed, since the values are a person's data. What the settings add may change between two tries of one intent.
  const hashOf = (input: CreateRecordInput) => secrets.hash('record-input', JSON.stringify(identityOf(input)))

  /** @param values what was written, as far as it is known */
  async function answer(
    viewer: Viewer,
    { conversationId }: CreateRecordInput,
    { integration, entityType }: Pick<RecordForm, 'integration' | 'entityType'>,
    made: {
      remoteId: string
      values: readonly FieldValue[]
      backendValues: readonly FieldValueInput[]
      warnings: string[]
    },
  ): Promise<RecordMade> {
    const { kind, name: entityName } = entityType
    const key = { kind, integrationId: integration.id, entityName, remoteId: made.remoteId }
    const recordId = encodeRecordId(key)
    const { defaultFields } = providerDefinitions[integration.provider].descriptor
    const provider = await integrations.provider(viewer.workspaceId, integration.id)
    const url = provider?.recordUrl(key) ?? integration.url
    return {
      recordId,
      written: toRecordNode(
        integration,
        entityType,
        writtenRecord({ ...key, url, values: made.values, defaultFields }),
      ),
      tagId: conversationId
        ? await tagNewRecord(viewer, conversationId, { ...key, recordId }, made.backendValues)
        : null,
      warnings: made.warnings,
    }
  }

  /** The record that this very request has made before, whatever the settings demand by now; null where it has made none. */
  async function findMade(
    viewer: Viewer,
    input: KeyedInput,
    request: Pick<RecordForm, 'integration' | 'entityType'>,
  ): Promise<RecordMade | null> {
    const intent = await intents.find(viewer.workspaceId, input.idempotencyKey)
    if (intent === null || intent.remoteId === null || intent.inputHash !== hashOf(input)) return null
    const { remoteId } = intent
    const backendValues = [...input.values, ...(input.backendValues ?? [])]
    return answer(viewer, input, request, { remoteId, values: namesGiven(input, request), backendValues, warnings: [] })
  }

  async function make(
    viewer: Viewer,
    input: KeyedInput,
    { form, read, plan }: PlannedRecord,
    signal: AbortSignal,
  ): Promise<RecordMade> {
    const { workspaceId } = viewer
    const { idempotencyKey } = input
    const { integration, entityType } = form
    const inputHash = hashOf(input)
    const id = uuid()
    const intent = await intents.begin(workspaceId, {
      id,
      integrationId: integration.id,
      idempotencyKey,
      inputHash,
      entityName: entityType.name,
    })
    if (intent.inputHash !== inputHash) {
      throw new ConflictError(
        'This idempotency key was used before, with another input. Use a new key for a new record.',
        {
          code: 'IDEMPOTENCY_CONFLICT',
        },
      )
    }

    const remoteId = intent.remoteId ?? (await createInCrm())
    return answer(viewer, input, form, {
      remoteId,
      values: plan.request.values,
      backendValues: backendValuesOf(read),
      warnings: plan.notes.filter(({ code }) => code !== 'VARIABLE_NOT_GIVEN').map(({ text }) => text),
    })

    async function createInCrm(): Promise<string> {
      const key = derivedUuid(`${workspaceId}\n${integration.orgId}\n${idempotencyKey}`, recordNamespace)
      const { allowDuplicate } = input
      const request = { ...plan.request, key, allowDuplicate }
      if (intent.id !== id) await integrations.call(workspaceId, integration.id, demandRepeatable)
      try {
        const reference = await integrations.call(workspaceId, integration.id, (provider) =>
          provider.createRecord(request, { signal }),
        )
        await intents.finish(workspaceId, intent.id, { status: 'DONE', remoteId: reference.remoteId })
        return reference.remoteId
      } catch (error) {
        const cause = error instanceof CrmError ? error.cause : null
        if (!(cause instanceof ProviderError)) throw error
        if (cause.outcome === 'NOT_APPLIED') await intents.finish(workspaceId, intent.id, { status: 'FAILED' })
        throw refusal(cause) ?? error
      }
    }

    /** An earlier try may have made the record, or be making it now: without a key in the CRM, nobody could tell. */
    async function demandRepeatable(provider: CrmProvider): Promise<void> {
      const didNothing = await intents.restart(workspaceId, intent.id)
      if (didNothing || (await provider.capabilities({ signal })).keyedRecords) return
      const { displayName } = providerDefinitions[integration.provider].descriptor
      throw new ProviderError('CRM_OUTCOME_UNKNOWN', {
        message: `${displayName} may hold this record already, from an earlier try. Look for it; use a new key to save it again.`,
        outcome: 'UNKNOWN',
      })
    }

    /** What the caller can correct in the form, or decide. */
    function refusal(error: ProviderError): Error | null {
      if (error.code === 'DUPLICATE') {
        const insist = error.canInsist ? ' Choose one of them, or create it all the same with allowDuplicate.' : ''
        return new DuplicateError(
          error.duplicates.map((duplicate) => ({ ...duplicate, integrationId: integration.id, url: null })),
          `${providerDefinitions[integration.provider].descriptor.displayName} already has such a record.${insist}`,
        )
      }
      return null
    }
  }

  return { make, findMade }
}

/** Of the built-in fields that were given: what names a record. */
function namesGiven(
  { values }: CreateRecordInput,
  { integration, entityType }: Pick<RecordForm, 'integration' | 'entityType'>,
): FieldValue[] {
  const { defaultFields } = providerDefinitions[integration.provider].descriptor
  return defaultFields
    .filter(({ kind }) => kind === entityType.kind)
    .flatMap(({ name, type }) => {
      const fieldId = defaultFieldId(entityType, name)
      const given = values.find((it) => (it.fieldId ? it.fieldId === fieldId : it.name === name))
      return given?.value ? [{ name, type, value: given.value.trim(), values: null, reference: null }] : []
    })
}

/** To insist after a duplicate was found is the same intent. */
function identityOf(input: CreateRecordInput) {
  const plain = (given: readonly FieldValueInput[] | null | undefined) =>
    (given ?? []).map(({ fieldId, name, value, values }) => [fieldId ?? name, value ?? null, values ?? null])
  const { integrationId, entityTypeId, accountKind, recordType, conversationId } = input
  return [
    ...[integrationId, entityTypeId, accountKind ?? null, recordType ?? null, conversationId ?? null],
    ...[plain(input.values), plain(input.backendValues)],
  ]
}

/** What was given for backend inputs, as the tag of the new record keeps it. */
export function backendValuesOf({ given }: FormRead): FieldValueInput[] {
  return given
    .filter(({ field }) => field.group === 'BACKEND')
    .map(({ field, input: { value, values } }) => ({ fieldId: field.id, value, values }))
}
