import type {
  CommonSettings_IntegrationFragment,
  SalesforceForm_SettingsFragment,
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

export const SalesforceForm_Settings = graphql(`
  fragment SalesforceForm_Settings on SalesforceSettings {
    id
    allowActivitySubjectChange
    subjectSuffix
    sessionIdleMinutes
    sessionGraceSeconds
    backendFields { id target }
  }
`)

export interface SalesforceValues extends CommonValues {
  allowActivitySubjectChange: boolean
  subjectSuffix: string
  /** Blank while it is being typed. */
  sessionIdleMinutes: number | ''
  sessionGraceSeconds: number | ''
}

export function salesforceValuesOf(
  integration: CommonSettings_IntegrationFragment,
  settings: SalesforceForm_SettingsFragment,
): SalesforceValues {
  const { allowActivitySubjectChange, subjectSuffix, sessionIdleMinutes, sessionGraceSeconds } = settings
  return {
    ...commonValuesOf(integration),
    allowActivitySubjectChange,
    subjectSuffix: subjectSuffix ?? '',
    sessionIdleMinutes,
    sessionGraceSeconds,
  }
}

/** A number that is left blank is refused as one that is too small. */
export function salesforceInput(values: SalesforceValues) {
  const { allowActivitySubjectChange, subjectSuffix, sessionIdleMinutes, sessionGraceSeconds } = values
  return {
    allowActivitySubjectChange,
    subjectSuffix: subjectSuffix.trim() || null,
    sessionIdleMinutes: sessionIdleMinutes || 0,
    sessionGraceSeconds: sessionGraceSeconds || 0,
  }
}

export function withSalesforce(
  document: SettingsDocument,
  values: SalesforceValues,
  entityTypes: EntityTypes,
): SettingsDocument {
  return { ...withCommon(document, values, entityTypes), ...salesforceInput(values) }
}

/** A member of the form for people. */
export function describeSalesforce(member: keyof SalesforceValues, values: SalesforceValues, entityTypes: EntityTypes) {
  switch (member) {
    case 'allowActivitySubjectChange':
      return { label: 'Allow Activity Subject Change', value: onOff(values.allowActivitySubjectChange) }
    case 'subjectSuffix':
      return { label: 'Subject Suffix', value: values.subjectSuffix || 'none' }
    case 'sessionIdleMinutes':
      return { label: 'Minutes without a call', value: values.sessionIdleMinutes }
    case 'sessionGraceSeconds':
      return { label: 'Seconds to answer', value: values.sessionGraceSeconds }
    default:
      return describeCommon(member, values, entityTypes)
  }
}
