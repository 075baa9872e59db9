/** What is not a list: search order, fetching, the automatic pushes, and what each vendor alone has. */

import type { ProviderKey } from '@backchannel/providers'
import type {
  AutoChatPush,
  AutoChatRule,
  AutoSmsPush,
  ChatsSaveTo,
  DynamicsOptions,
  MatchIdentifier,
  SalesforceOptions,
  SearchOrderIdentifier,
} from '../../integrations/settings.ts'
import { NotAllowedError } from '../../shared/errors.ts'
import type { SettingsDraft } from '../draft.ts'
import { descriptorOf, type Edit, text } from './edit.ts'
import { type EntityPermissionInput, withPermissions } from './permissions.ts'

type Given<T> = T | null | undefined

export interface AutoSmsPushInput {
  enabled: boolean
  entityTypeId?: Given<string>
  field?: Given<string>
  identifier?: Given<MatchIdentifier>
}

export interface AutoChatPushInput {
  enabled: boolean
  rules?: Given<readonly AutoChatRule[]>
  tagSingleMatchUnasked?: Given<boolean>
}

/** What is not given stays. */
export interface GeneralInput {
  searchOrder?: Given<readonly SearchOrderIdentifier[]>
  fetchCrmData?: Given<boolean>
  autoSmsPush?: Given<AutoSmsPushInput>
  autoChatPush?: Given<AutoChatPushInput>
  entityPermissions?: Given<readonly EntityPermissionInput[]>
}

export interface DynamicsInput extends GeneralInput {
  allowNewCreation?: Given<boolean>
  allowActivityClosing?: Given<boolean>
  chatsSaveTo?: Given<ChatsSaveTo>
  activityTypeName?: Given<string>
}

export interface SalesforceInput extends GeneralInput {
  allowActivitySubjectChange?: Given<boolean>
  /** Null or blank: none. */
  subjectSuffix?: Given<string>
  personAccountEnabled?: Given<boolean>
  accountNumberUsed?: Given<boolean>
  /** Null or blank: none. */
  accountEmailField?: Given<string>
  sessionIdleMinutes?: Given<number>
  sessionGraceSeconds?: Given<number>
}

export function updateDynamicsSettings(input: DynamicsInput): Edit {
  return updateSettings('DYNAMICS', input)
}

export function updateSalesforceSettings(input: SalesforceInput): Edit {
  return updateSettings('SALESFORCE', input)
}

function updateSettings(provider: ProviderKey, input: DynamicsInput | SalesforceInput): Edit {
  return (draft, integration) => {
    if (integration.provider !== provider) {
      const { displayName } = descriptorOf(integration)
      const mutation = integration.provider === 'DYNAMICS' ? 'updateDynamicsSettings' : 'updateSalesforceSettings'
      throw new NotAllowedError(
        `${integration.name} is an integration of ${displayName}: its settings are changed by ${mutation}.`,
      )
    }
    const permissions = input.entityPermissions ?? []
    return {
      section: 'INTEGRATION',
      summary: 'Changed the integration settings',
      changedId: null,
      draft: withPermissions(withGeneral(draft, input), permissions),
      place: (subject, path) => {
        if (subject.id === draft.id) return ['input', ...path]
        const index = permissions.findIndex(({ entityTypeId }) => entityTypeId === subject.id)
        return index < 0 ? ['input'] : ['input', 'entityPermissions', String(index), ...path]
      },
    }
  }
}

export function withGeneral(draft: SettingsDraft, input: DynamicsInput | SalesforceInput): SettingsDraft {
  return {
    ...draft,
    searchOrder: input.searchOrder ?? draft.searchOrder,
    fetchCrmData: input.fetchCrmData ?? draft.fetchCrmData,
    autoSmsPush: input.autoSmsPush ? autoSmsPush(draft.autoSmsPush, input.autoSmsPush) : draft.autoSmsPush,
    autoChatPush: input.autoChatPush ? autoChatPush(draft.autoChatPush, input.autoChatPush) : draft.autoChatPush,
    dynamics: draft.dynamics && dynamicsOptions(draft.dynamics, input),
    salesforce: draft.salesforce && salesforceOptions(draft.salesforce, input),
  }
}

function autoSmsPush(before: AutoSmsPush, input: AutoSmsPushInput): AutoSmsPush {
  return {
    enabled: input.enabled,
    entityTypeId: input.entityTypeId === undefined ? before.entityTypeId : input.entityTypeId,
    field: input.field === undefined ? before.field : text(input.field),
    identifier: input.identifier ?? before.identifier,
  }
}

function autoChatPush(before: AutoChatPush, input: AutoChatPushInput): AutoChatPush {
  return {
    enabled: input.enabled,
    rules: input.rules?.map((rule) => ({ ...rule, field: rule.field.trim() })) ?? before.rules,
    tagSingleMatchUnasked: input.tagSingleMatchUnasked ?? before.tagSingleMatchUnasked,
  }
}

function dynamicsOptions(before: DynamicsOptions, input: DynamicsInput): DynamicsOptions {
  const chatsSaveTo = input.chatsSaveTo ?? before.chatsSaveTo
  const kept = chatsSaveTo === before.chatsSaveTo ? before.activityTypeName : null
  const given = input.activityTypeName === undefined ? kept : text(input.activityTypeName)
  return {
    allowNewCreation: input.allowNewCreation ?? before.allowNewCreation,
    allowActivityClosing: input.allowActivityClosing ?? before.allowActivityClosing,
    chatsSaveTo,
    activityTypeName: activityTypeName(chatsSaveTo, given),
  }
}

/** Notes have no use for the name (D-SAV-11); a task's is stored as the guide spells it. */
function activityTypeName(chatsSaveTo: ChatsSaveTo, name: string | null): string | null {
  if (chatsSaveTo === 'NOTES') return null
  return chatsSaveTo === 'TASK' && name?.toLowerCase() === 'task' ? 'Task' : name
}

function salesforceOptions(before: SalesforceOptions, input: SalesforceInput): SalesforceOptions {
  return {
    allowActivitySubjectChange: input.allowActivitySubjectChange ?? before.allowActivitySubjectChange,
    subjectSuffix: input.subjectSuffix === undefined ? before.subjectSuffix : text(input.subjectSuffix),
    personAccountEnabled: input.personAccountEnabled ?? before.personAccountEnabled,
    accountNumberUsed: input.accountNumberUsed ?? before.accountNumberUsed,
    accountEmailField: input.accountEmailField === undefined ? before.accountEmailField : text(input.accountEmailField),
    sessionIdleMinutes: input.sessionIdleMinutes ?? before.sessionIdleMinutes,
    sessionGraceSeconds: input.sessionGraceSeconds ?? before.sessionGraceSeconds,
  }
}
