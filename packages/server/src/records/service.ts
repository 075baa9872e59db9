/** CRM records: open them, describe the forms that make and tag them, make one. */
import type { CallOptions } from '@backchannel/providers'
import { v7 as uuid } from 'uuid'
import type { ConversationFacts } from '../conversations/conversation.ts'
import { withFreshMetadata } from '../integrations/fresh-metadata.ts'
import type { IntegrationService } from '../integrations/service.ts'
import { ActionableError, NotFoundError, type ReferenceSnapshot, ValidationError } from '../shared/errors.ts'
import { demandShortKey } from '../shared/idempotency-key.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { isWithinFilters, seesEverything } from './access.ts'
import type { AccountKind } from './account-kind.ts'
import {
  type CreateRecordInput,
  createRecordMaker,
  type PlannedRecord,
  type RecordMade,
  type RecordMakerParts,
} from './create.ts'
import { readForm } from './form.ts'
import {
  createFormPlanner,
  type FormOptions,
  type FormPlannerParts,
  type FormRequest,
  type RecordForm,
} from './form-planner.ts'
import type { RecordLoaders } from './loaders.ts'
import { createLookups, type LookupOption, type LookupRequest, type Lookups } from './lookups.ts'
import { decodeRecordId, type RecordKey } from './record-id.ts'
import { type RecordNode, toReference } from './record-node.ts'
import { planRecord } from './record-plan.ts'
import { nameOnly, type SelectedAttributes } from './selection.ts'
import { planTagForm, type TagFormSection } from './tag-form.ts'

export { backendValuesOf, type CreateRecordInput, type PlannedRecord } from './create.ts'
export type { FormRequest, RecordForm } from './form-planner.ts'
export type { LookupOption, LookupRequest } from './lookups.ts'
export type { TagFormSection } from './tag-form.ts'

export interface RecordFormRequest {
  integrationId: string
  entityTypeId: string
  conversationId: string | null
  accountKind: AccountKind | null
  recordType: string | null
}

export interface TagFormRequest {
  /** Global IDs. */
  recordIds: readonly string[]
  /** The conversation that they are to be tagged with. */
  conversationId: string | null
}

export interface RecordService {
  /**
   * One record by its global ID.
   *
   * @throws NotFoundError for an id that names nothing that the viewer may see
   */
  get(viewer: Viewer, globalId: string, loaders: RecordLoaders, selected: SelectedAttributes): Promise<RecordNode>
  /** Several as references, in the order asked; NotFoundError or CrmError in the place of one that cannot be had. */
  references(
    viewer: Viewer,
    globalIds: readonly string[],
    loaders: RecordLoaders,
  ): Promise<(ReferenceSnapshot | ActionableError)[]>
  form(viewer: Viewer, request: RecordFormRequest, signal: AbortSignal): Promise<RecordForm>
  /**
   * What is asked when these records are tagged. The records themselves are not looked at.
   *
   * @throws ValidationError; NotFoundError for an id that names none which may be seen; NotConnectedError, CrmError
   */
  tagForm(viewer: Viewer, request: TagFormRequest, signal: AbortSignal): Promise<TagFormSection[]>
  /** What a look-up input lets one choose from. */
  lookUp(viewer: Viewer, request: LookupRequest, signal: AbortSignal): Promise<LookupOption[]>
  /** Any record of the org, by its name, for an admin who picks one. */
  findAny: Lookups['findAny']
  /** The same of integrations whose settings need not be saved. */
  lookUpIn: Lookups['findIn']
  /** What of the values that an agent gave points to a record which the field's filter leaves out. */
  checkLookups: Lookups['check']
  create(viewer: Viewer, input: CreateRecordInput, signal: AbortSignal): Promise<RecordMade>
  /** The form of settings and conversation that are kept or only tried out: nothing is looked up but metadata. */
  formFor(request: FormRequest, options: FormOptions): Promise<RecordForm>
  /**
   * What `create` would write, with these settings and this conversation; the CRM is not asked to write anything.
   *
   * @throws what `formFor` throws; ValidationError for values that the form does not take
   */
  planCreate(
    viewer: Viewer,
    request: FormRequest,
    input: Pick<CreateRecordInput, 'values' | 'backendValues'>,
    options: FormOptions,
  ): Promise<PlannedRecord>
}

export interface RecordServiceParts extends RecordMakerParts, FormPlannerParts {
  integrations: IntegrationService
  /** A conversation that the viewer may see, as rules read it. Rejects with NotFoundError. */
  factsOf(viewer: Viewer, conversationId: string): Promise<ConversationFacts>
  /** Whether a conversation that the viewer may see is tagged with this record. */
  isTagged(viewer: Viewer, record: RecordKey): Promise<boolean>
}

/** As many as one request to tag takes. */
const maxTaggedRecords = 50

export function createRecordService(parts: RecordServiceParts): RecordService {
  const { integrations, factsOf, isTagged } = parts
  const { make, findMade } = createRecordMaker(parts)
  const formFor = createFormPlanner(parts)
  const lookups = createLookups(parts)

  async function find(viewer: Viewer, { integrationId, entityName, kind }: RecordKey) {
    const integration = await integrations.find(viewer.workspaceId, integrationId)
    const entityType = integration?.entityTypes.find((it) => it.name === entityName)
    return integration && entityType?.kind === kind ? { integration, entityType } : null
  }

  async function get(
    viewer: Viewer,
    globalId: string,
    loaders: RecordLoaders,
    selected: SelectedAttributes,
  ): Promise<RecordNode> {
    const key = decodeRecordId(globalId)
    const found = key && (await find(viewer, key))
    if (key === null || found === null) throw notFound()
    const open = seesEverything(viewer)
    const tagged = open || found.entityType.searchable ? null : await isTagged(viewer, key)
    if (tagged === false) throw notFound()
    const record = await loaders.load(key, selected)
    if (record === null) throw notFound()
    if (open || tagged || isWithinFilters(record) || (await isTagged(viewer, key))) return record
    throw notFound()
  }

  async function requestFor(viewer: Viewer, request: RecordFormRequest): Promise<FormRequest> {
    const { accountKind, recordType, conversationId } = request
    const integration = await integrations.find(viewer.workspaceId, request.integrationId)
    const entityType = integration?.entityTypes.find((it) => it.id === request.entityTypeId)
    if (!integration || !entityType) {
      throw new NotFoundError('There is no such integration or entity type in this workspace.')
    }
    const facts = conversationId === null ? null : await factsOf(viewer, conversationId)
    return { integration, entityType, facts, accountKind, recordType }
  }

  async function planCreate(
    viewer: Viewer,
    request: FormRequest,
    input: Pick<CreateRecordInput, 'values' | 'backendValues'>,
    options: FormOptions,
  ): Promise<PlannedRecord> {
    const form = await formFor(request, options)
    const read = readForm(form.plan, input)
    const faults = [...read.faults, ...(await lookups.check(viewer, form.integration, read.given, toCall(options)))]
    if (faults.length > 0) throw new ValidationError(faults)
    const variables = form.facts?.variables ?? null
    return { form, read, plan: planRecord({ ...form, read, variables }) }
  }

  return {
    get,
    references: (viewer, globalIds, loaders) =>
      Promise.all(
        globalIds.map((globalId) =>
          get(viewer, globalId, loaders, nameOnly).then(toReference, (error: unknown) => {
            if (error instanceof ActionableError) return error
            throw error
          }),
        ),
      ),

    form: async (viewer, request, signal) => formFor(await requestFor(viewer, request), { signal }),
    formFor,
    planCreate,

    async tagForm(viewer, { recordIds, conversationId }, signal) {
      const ids = [...new Set(recordIds)]
      if (ids.length === 0 || ids.length > maxTaggedRecords) {
        throw new ValidationError([{ path: ['recordIds'], message: `Name 1 to ${maxTaggedRecords} records.` }])
      }
      if (conversationId !== null) await factsOf(viewer, conversationId)
      const records = await Promise.all(
        ids.map(async (recordId) => {
          const key = decodeRecordId(recordId)
          const found = key && (await find(viewer, key))
          if (!found) throw notFound()
          const { searchable } = found.entityType
          if (!searchable && !seesEverything(viewer) && !(await isTagged(viewer, key))) throw notFound()
          return { recordId, ...found }
        }),
      )
      return planTagForm(integrations, records, { signal })
    },

    lookUp: lookups.find,
    findAny: lookups.findAny,
    lookUpIn: lookups.findIn,
    checkLookups: lookups.check,

    async create(viewer, input, signal) {
      demandShortKey(input.idempotencyKey, ['input', 'idempotencyKey'])
      const { accountKind = null, recordType = null, conversationId = null } = input
      const request = await requestFor(viewer, { ...input, accountKind, recordType, conversationId })
      const keyed = { ...input, idempotencyKey: input.idempotencyKey || uuid() }
      try {
        return await withFreshMetadata(async (fresh) => {
          const planned = await planCreate(viewer, request, input, { signal, fresh, path: ['input'] })
          return make(viewer, keyed, planned, signal)
        })
      } catch (error) {
        if (!(error instanceof ActionableError)) throw error
        const made = await findMade(viewer, keyed, request)
        if (made === null) throw error
        return made
      }
    },
  }
}

const notFound = () => new NotFoundError('There is no such record, or this caller may not see it.')

const toCall = ({ path: _, fresh: __, ...options }: FormOptions): CallOptions => options
