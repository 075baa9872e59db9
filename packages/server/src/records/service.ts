/** CRM records: open them, describe the form that makes one, make one. */
import { providerDefinitions } from '@backchannel/providers'
import type { EntityTypeSnapshot, IntegrationService, IntegrationSnapshot } from '../integrations/service.ts'
import { ActionableError, NotAllowedError, NotFoundError, type ReferenceSnapshot } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { type CreateRecordInput, createRecordMaker, type RecordMade, type RecordMakerParts } from './create.ts'
import { type FormPlan, planForm, type VisitorValues } from './form.ts'
import type { RecordLoaders } from './loaders.ts'
import { decodeRecordId, type RecordKey } from './record-id.ts'
import type { RecordNode } from './record-node.ts'
import type { SelectedAttributes } from './selection.ts'

export type { CreateRecordInput } from './create.ts'

export interface RecordFormRequest {
  integrationId: string
  entityTypeId: string
  conversationId: string | null
}

export interface RecordForm {
  integration: IntegrationSnapshot
  entityType: EntityTypeSnapshot
  plan: FormPlan
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
  create(viewer: Viewer, input: CreateRecordInput, signal: AbortSignal): Promise<RecordMade>
}

export interface RecordServiceParts extends RecordMakerParts {
  integrations: IntegrationService
  /** The visitor of a conversation that the viewer may see. Rejects with NotFoundError. */
  visitorOf(viewer: Viewer, conversationId: string): Promise<VisitorValues>
}

export function createRecordService(parts: RecordServiceParts): RecordService {
  const { integrations, visitorOf } = parts
  const make = createRecordMaker(parts)

  async function get(
    viewer: Viewer,
    globalId: string,
    loaders: RecordLoaders,
    selected: SelectedAttributes,
  ): Promise<RecordNode> {
    const key = decodeRecordId(globalId)
    const visible = key !== null && (await isVisible(viewer, key))
    const record = visible ? await loaders.load(key, selected) : null
    if (record === null) throw new NotFoundError('There is no such record, or this caller may not see it.')
    return record
  }

  /** What an agent reaches: entity types that are set up and searchable. Admins and services reach all that are set up. */
  async function isVisible(viewer: Viewer, { integrationId, entityName, kind }: RecordKey): Promise<boolean> {
    const integration = await integrations.find(viewer.workspaceId, integrationId)
    const entityType = integration?.entityTypes.find((it) => it.name === entityName)
    return entityType?.kind === kind && (entityType.searchable || viewer.scopes.includes('SERVICE'))
  }

  async function form(viewer: Viewer, request: RecordFormRequest, signal: AbortSignal): Promise<RecordForm> {
    const integration = await integrations.find(viewer.workspaceId, request.integrationId)
    const entityType = integration?.entityTypes.find((it) => it.id === request.entityTypeId)
    if (!integration || !entityType) {
      throw new NotFoundError('There is no such integration or entity type in this workspace.')
    }
    if (!entityType.creatable) {
      throw new NotAllowedError(
        `Creating ${entityType.displayName} records is switched off in the integration settings.`,
      )
    }
    const visitor = request.conversationId === null ? null : await visitorOf(viewer, request.conversationId)
    const metadata = await integrations.call(viewer.workspaceId, integration.id, (provider) =>
      provider.describeEntityType(entityType.name, { signal }),
    )
    if (metadata === null) throw missingInOrg(integration, entityType)
    const { defaultFields } = providerDefinitions[integration.provider].descriptor
    const plan = planForm({ entityType, defaultFields, switches: integration.defaultFields, metadata, visitor })
    return { integration, entityType, plan }
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
    form,
    async create(viewer, input, signal) {
      const request = { ...input, conversationId: input.conversationId ?? null }
      return make(viewer, input, await form(viewer, request, signal), signal)
    },
  }
}

function missingInOrg(integration: IntegrationSnapshot, entityType: EntityTypeSnapshot): NotFoundError {
  return new NotFoundError(
    `${integration.name} has no entity type ${entityType.name}, or our user there may not see it. An admin of the CRM can tell.`,
  )
}

const nameOnly: SelectedAttributes = { attributes: new Set(), views: new Set() }

function toReference({ integration, entityType, record }: RecordNode): ReferenceSnapshot {
  const { remoteId, name, url } = record
  return { integrationId: integration.id, entityName: entityType.name, remoteId, name, url }
}
