/**
 * The settings of one integration as a document, as `settingsDocument` of the API gives it and `preview` takes it: no ids,
 * entity types and fields by the CRM's own names, lists in the admin's order.
 */
export interface SettingsDocument {
  provider: 'DYNAMICS' | 'SALESFORCE'
  searchOrder: string[]
  fetchCrmData: boolean
  autoSmsPush: { enabled: boolean; entityType: string | null; field: string | null; identifier: string }
  autoChatPush: {
    enabled: boolean
    rules: { identifier: string; entityType: string; field: string }[]
    tagSingleMatchUnasked: boolean
  }
  entityTypes: DocumentEntityType[]
  defaultFields: { entityType: string; name: string; required: boolean; showOnForm: boolean }[]
  exportFields: DocumentField[]
  searchFields: DocumentField[]
  detailFields: DocumentField[]
  backendFields: DocumentField[]
  allowNewCreation?: boolean
  allowActivityClosing?: boolean
  chatsSaveTo?: string
  activityTypeName?: string | null
  allowActivitySubjectChange?: boolean
  subjectSuffix?: string | null
  personAccountEnabled?: boolean
  accountNumberUsed?: boolean
  accountEmailField?: string | null
  sessionIdleMinutes?: number
  sessionGraceSeconds?: number
}

export interface DocumentEntityType {
  name: string
  displayName: string
  primaryField: string
  primaryFieldLabel: string
  searchable: boolean
  creatable: boolean
}

/** One row of a list of fields; what is not set is left out. */
export interface DocumentField {
  /** The CRM's own name; left out for a backend field of activities. */
  entityType?: string
  name: string
  [member: string]: unknown
}
