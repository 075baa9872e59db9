/** Plans a form from what the org says now: the layer below `recordForm` that previews use too. */
import type { CallOptions, EntityDescriptor } from '@backchannel/providers'
import type { ConversationFacts } from '../conversations/conversation.ts'
import type { EntityTypeSnapshot, IntegrationService, IntegrationSnapshot } from '../integrations/service.ts'
import { NotAllowedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import { type AccountKind, accountKindsOf, recordTypesOf, usualRecordType } from './account-kind.ts'
import { subjectEntity } from './backend-plan.ts'
import { type FormPlan, planForm } from './form.ts'

export interface FormRequest {
  integration: IntegrationSnapshot
  entityType: EntityTypeSnapshot
  /** Null: it is asked for outside of any conversation. */
  facts: ConversationFacts | null
  /** Null: the one that is picked first. */
  accountKind: AccountKind | null
  recordType: string | null
}

export interface RecordForm {
  readonly integration: IntegrationSnapshot
  readonly entityType: EntityTypeSnapshot
  readonly metadata: EntityDescriptor
  readonly facts: ConversationFacts | null
  readonly accountKind: AccountKind | null
  readonly recordType: string | null
  readonly plan: FormPlan
}

export interface FormPlannerParts {
  integrations: Pick<IntegrationService, 'describe'>
  workspaceOf(workspaceId: string): Promise<{ timeZone: string; countryCode: string }>
  /** Milliseconds since 1970. */
  now: () => number
}

export interface FormOptions extends CallOptions {
  /** Reads the org's metadata anew. */
  fresh?: boolean
  /** Of the arguments, for faults in them. */
  path?: readonly string[]
}

/** @throws NotAllowedError, NotFoundError, NotConnectedError, ValidationError, CrmError */
export type FormPlanner = (request: FormRequest, options: FormOptions) => Promise<RecordForm>

export function createFormPlanner({ integrations, workspaceOf, now }: FormPlannerParts): FormPlanner {
  return async function formFor(request, { path = [], ...options }) {
    const { integration, entityType, facts, recordType } = request
    const { id, workspaceId } = integration
    if (!entityType.creatable) {
      throw new NotAllowedError(
        `Creating ${entityType.displayName} records is switched off in the integration settings.`,
      )
    }
    const describe = (name: string, more = {}) => integrations.describe(workspaceId, id, name, { ...options, ...more })
    const subject = subjectEntity(integration)
    const [described, activityMetadata, { timeZone }] = await Promise.all([
      describe(entityType.name),
      subject === null ? null : describe(subject),
      workspaceOf(workspaceId),
    ])
    if (described === null) throw missingInOrg(integration, entityType)
    const accountKind = chooseAccountKind(request, described, path)
    const recordTypes = recordTypesOf(described, accountKind)
    if (recordType !== null && !recordTypes.some((it) => it.name === recordType)) {
      const message = `There is no record type ${recordType} for this form. Take its name from recordTypes.`
      throw new ValidationError([{ path: [...path, 'recordType'], message }])
    }
    const effective = recordType ?? usualRecordType(described, accountKind)
    // Which options a record type offers is not known from the entity type alone.
    const metadata = effective === undefined ? described : await describe(entityType.name, { recordType: effective })
    const moment = { now: now(), timeZone }
    const visitor = facts?.visitor ?? null
    const known = { integration, entityType, metadata: metadata ?? described, accountKind }
    return { ...known, facts, recordType, plan: planForm({ ...known, activityMetadata, visitor, moment }) }
  }
}

function chooseAccountKind(
  { integration, entityType: { kind }, accountKind }: FormRequest,
  metadata: EntityDescriptor,
  path: readonly string[],
): AccountKind | null {
  const offered = accountKindsOf(integration, kind, metadata)
  if (accountKind === null || offered.includes(accountKind)) return accountKind ?? offered[0] ?? null
  if (kind !== 'ACCOUNT') {
    throw new ValidationError([{ path: [...path, 'accountKind'], message: 'Only accounts are of two kinds.' }])
  }
  if (accountKind === 'BUSINESS') return null
  throw new NotAllowedError(
    integration.settings.salesforce?.personAccountEnabled === false
      ? 'Person accounts are switched off in the integration settings.'
      : `${integration.name} has no person accounts, or our user there may not make them.`,
  )
}

function missingInOrg(integration: IntegrationSnapshot, entityType: Pick<EntityTypeSnapshot, 'name'>): NotFoundError {
  return new NotFoundError(
    `${integration.name} has no entity type ${entityType.name}, or our user there may not see it. An admin of the CRM can tell.`,
  )
}
