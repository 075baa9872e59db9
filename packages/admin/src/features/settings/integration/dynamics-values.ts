import type {
  ChatsSaveTo,
  CommonSettings_IntegrationFragment,
  DynamicsForm_SettingsFragment,
} from '../../../graphql/generated/graphql.ts'
import { graphql } from '../../../graphql/generated/index.ts'
import type { SettingsDocument } from '../settings-document.ts'
import {
  type CommonValues,
  commonValuesOf,
  describeCommon,
  type EntityTypes,
  onOff,
  withCommon,
} from './common-values.ts'

export const DynamicsForm_Settings = graphql(`
  fragment DynamicsForm_Settings on DynamicsSettings {
    id
    allowNewCreation
    allowActivityClosing
    chatsSaveTo
    activityTypeName
  }
`)

export interface DynamicsValues extends CommonValues {
  allowNewCreation: boolean
  allowActivityClosing: boolean
  chatsSaveTo: ChatsSaveTo
  activityTypeName: string
}

/** In the guide's order. */
export const destinations: Record<ChatsSaveTo, { label: string; about: string }> = {
  NOTES: { label: 'Notes', about: 'A note on the record. Notes cannot be closed.' },
  TASK: { label: 'Task', about: 'A task among the activities.' },
  CUSTOM_ACTIVITY: { label: 'Custom Activity Type', about: 'Any other activity type of your org.' },
}

export function isDestination(value: string): value is ChatsSaveTo {
  return value in destinations
}

export function dynamicsValuesOf(
  integration: CommonSettings_IntegrationFragment,
  settings: DynamicsForm_SettingsFragment,
): DynamicsValues {
  const { allowNewCreation, allowActivityClosing, chatsSaveTo, activityTypeName } = settings
  const common = commonValuesOf(integration)
  return { ...common, allowNewCreation, allowActivityClosing, chatsSaveTo, activityTypeName: activityTypeName ?? '' }
}

export function dynamicsInput(values: DynamicsValues) {
  const { allowNewCreation, allowActivityClosing, chatsSaveTo, activityTypeName } = values
  return { allowNewCreation, allowActivityClosing, chatsSaveTo, activityTypeName: activityTypeName.trim() || null }
}

export function withDynamics(
  document: SettingsDocument,
  values: DynamicsValues,
  entityTypes: EntityTypes,
): SettingsDocument {
  return { ...withCommon(document, values, entityTypes), ...dynamicsInput(values) }
}

/** A member of the form for people. */
export function describeDynamics(member: keyof DynamicsValues, values: DynamicsValues, entityTypes: EntityTypes) {
  switch (member) {
    case 'allowNewCreation':
      return { label: 'Allow New Creation', value: onOff(values.allowNewCreation) }
    case 'allowActivityClosing':
      return { label: 'Allow Activity Closing', value: onOff(values.allowActivityClosing) }
    case 'chatsSaveTo':
      return { label: 'Chats Save To', value: destinations[values.chatsSaveTo].label }
    case 'activityTypeName':
      return { label: 'Activity Type Name', value: values.activityTypeName || 'none' }
    default:
      return describeCommon(member, values, entityTypes)
  }
}
