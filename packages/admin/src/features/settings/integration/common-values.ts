/** What both CRMs have among the integration settings: as the form holds it, as the document and as the API takes it. */
import type {
  CommonSettings_IntegrationFragment,
  MatchIdentifier,
  SearchOrderIdentifier,
} from '../../../graphql/generated/graphql.ts'
import { graphql } from '../../../graphql/generated/index.ts'
import type { SettingsDocument } from '../settings-document.ts'

export const CommonSettings_Integration = graphql(`
  fragment CommonSettings_Integration on Integration {
    id
    entityTypes { id name kind displayName searchable creatable }
    settings {
      id
      version
      searchOrder
      fetchCrmData
      autoSmsPush { enabled entityTypeId field identifier }
      autoChatPush { enabled tagSingleMatchUnasked rules { identifier entityTypeId field } }
    }
  }
`)

export type EntityTypes = CommonSettings_IntegrationFragment['entityTypes']

/** The six permissions on the three default entity types. */
export const permissions = [
  { member: 'searchAccount', kind: 'ACCOUNT', may: 'searchable', label: 'Allow Account Search' },
  { member: 'createAccount', kind: 'ACCOUNT', may: 'creatable', label: 'Allow Account Creation' },
  { member: 'searchContact', kind: 'CONTACT', may: 'searchable', label: 'Allow Contact Search' },
  { member: 'createContact', kind: 'CONTACT', may: 'creatable', label: 'Allow Contact Creation' },
  { member: 'searchLead', kind: 'LEAD', may: 'searchable', label: 'Allow Lead Search' },
  { member: 'createLead', kind: 'LEAD', may: 'creatable', label: 'Allow Lead Creation' },
] as const

type Permissions = Record<(typeof permissions)[number]['member'], boolean>

/** One identifier of the visitor, compared with one field. */
export interface ChatRule {
  /** Known to the form only. */
  id: string
  identifier: MatchIdentifier
  entityTypeId: string
  field: string
}

export interface CommonValues extends Permissions {
  searchOrder: SearchOrderIdentifier[]
  fetchCrmData: boolean
  smsPush: boolean
  smsEntity: string | null
  smsField: string
  smsIdentifier: MatchIdentifier
  chatPush: boolean
  chatRules: ChatRule[]
  chatUnasked: boolean
}

export const identifiers: Record<MatchIdentifier | SearchOrderIdentifier, string> = {
  PHONE: 'Phone',
  EMAIL: 'Email',
  FULL_NAME: 'Full name',
  ACCOUNT_ID: 'Account ID',
}

export function commonValuesOf({ entityTypes, settings }: CommonSettings_IntegrationFragment): CommonValues {
  const { searchOrder, fetchCrmData, autoSmsPush, autoChatPush } = settings
  const may = (member: keyof Permissions) => {
    const permission = permissions.find((it) => it.member === member)
    const entityType = entityTypes.find(({ kind }) => kind === permission?.kind)
    return permission !== undefined && entityType?.[permission.may] === true
  }
  return {
    searchAccount: may('searchAccount'),
    createAccount: may('createAccount'),
    searchContact: may('searchContact'),
    createContact: may('createContact'),
    searchLead: may('searchLead'),
    createLead: may('createLead'),
    searchOrder,
    fetchCrmData,
    smsPush: autoSmsPush.enabled,
    smsEntity: autoSmsPush.entityTypeId ?? null,
    smsField: autoSmsPush.field ?? '',
    smsIdentifier: autoSmsPush.identifier,
    chatPush: autoChatPush.enabled,
    chatRules: autoChatPush.rules.map((rule, index) => ({ ...rule, id: `rule ${index}` })),
    chatUnasked: autoChatPush.tagSingleMatchUnasked,
  }
}

/** Rules that are hidden while the push is off are kept where they are complete. */
function rulesOf({ chatPush, chatRules }: CommonValues) {
  return chatPush ? chatRules : chatRules.filter(({ field }) => field.trim() !== '')
}

export function commonInput(values: CommonValues, entityTypes: EntityTypes) {
  const { searchOrder, fetchCrmData, smsPush, smsEntity, smsField, smsIdentifier, chatPush, chatUnasked } = values
  return {
    searchOrder,
    fetchCrmData,
    autoSmsPush: { enabled: smsPush, entityTypeId: smsEntity, field: smsField, identifier: smsIdentifier },
    autoChatPush: {
      enabled: chatPush,
      tagSingleMatchUnasked: chatUnasked,
      rules: rulesOf(values).map(({ identifier, entityTypeId, field }) => ({ identifier, entityTypeId, field })),
    },
    entityPermissions: entityTypes
      .filter(({ kind }) => kind !== 'CUSTOM')
      .map(({ id, kind }) => ({
        entityTypeId: id,
        ...Object.fromEntries(
          permissions.filter((it) => it.kind === kind).map(({ may, member }) => [may, values[member]]),
        ),
      })),
  }
}

export function withCommon(
  document: SettingsDocument,
  values: CommonValues,
  entityTypes: EntityTypes,
): SettingsDocument {
  const nameOf = (id: string | null) => entityTypes.find((it) => it.id === id)?.name ?? null
  const kindOf = (name: string) => entityTypes.find((it) => it.name === name)?.kind
  const { searchOrder, fetchCrmData, smsPush, smsEntity, smsField, smsIdentifier, chatPush, chatUnasked } = values
  return {
    ...document,
    searchOrder,
    fetchCrmData,
    autoSmsPush: {
      enabled: smsPush,
      entityType: nameOf(smsEntity),
      field: smsField.trim() || null,
      identifier: smsIdentifier,
    },
    autoChatPush: {
      enabled: chatPush,
      tagSingleMatchUnasked: chatUnasked,
      rules: rulesOf(values).map(({ identifier, entityTypeId, field }) => ({
        identifier,
        entityType: nameOf(entityTypeId) ?? '',
        field,
      })),
    },
    entityTypes: document.entityTypes.map((entityType) => ({
      ...entityType,
      ...Object.fromEntries(
        permissions
          .filter(({ kind }) => kind === kindOf(entityType.name))
          .map(({ may, member }) => [may, values[member]]),
      ),
    })),
  }
}

/** A member of the form for people. */
export function describeCommon(member: keyof CommonValues, values: CommonValues, entityTypes: EntityTypes) {
  const nameOf = (id: string | null) => entityTypes.find((it) => it.id === id)?.displayName ?? 'none'
  switch (member) {
    case 'searchOrder':
      return { label: 'Search Order', value: values.searchOrder.map((it) => identifiers[it]).join(', ') }
    case 'fetchCrmData':
      return { label: 'Allow Fetch CRM Data', value: onOff(values.fetchCrmData) }
    case 'smsPush':
      return { label: 'Allow Auto SMS Push', value: onOff(values.smsPush) }
    case 'smsEntity':
      return { label: 'Entity of Auto SMS Push', value: nameOf(values.smsEntity) }
    case 'smsField':
      return { label: 'Entity field of Auto SMS Push', value: values.smsField || 'none' }
    case 'smsIdentifier':
      return { label: 'Identifier of Auto SMS Push', value: identifiers[values.smsIdentifier] }
    case 'chatPush':
      return { label: 'Allow Auto Chat Push', value: onOff(values.chatPush) }
    case 'chatUnasked':
      return { label: 'Tag without asking', value: onOff(values.chatUnasked) }
    case 'chatRules': {
      const rules = values.chatRules.map(
        ({ identifier, entityTypeId, field }) => `${identifiers[identifier]} in ${nameOf(entityTypeId)} ${field}`,
      )
      return { label: 'Field identifiers', value: rules.join('; ') || 'none' }
    }
    default: {
      const label = permissions.find((it) => it.member === member)?.label ?? member
      return { label, value: onOff(values[member]) }
    }
  }
}

export function onOff(value: boolean): string {
  return value ? 'on' : 'off'
}
