/** The codes of Salesforce's refusals and what each means to us (crm-apis.md 2.1, 2.2, 2.12). */
import type { ProviderErrorCode } from '../errors.ts'

/** What one code means to us. */
export interface Rule {
  code: ProviderErrorCode
  /** For a person. `{fields}` stands for the names of the fields concerned. */
  message: string
  advice?: string
  /** What we know of the org's metadata may be old: something that we named is not there, or is of another type now. */
  doubtful?: true
}

/** The message is the sentence that S-CON-05 fixes, word for word. */
const apiDisabled: Rule = {
  code: 'CRM_API_DISABLED',
  message: 'The Rest API is not enabled for this organization',
  advice:
    'Use an edition with API access (Enterprise, Unlimited, Performance or Developer; Professional with the API add-on), ' +
    'and a user whose profile or permission set has "API Enabled".',
}
const appNotApproved: Rule = {
  code: 'CRM_APP_NOT_APPROVED',
  message: 'This Salesforce org lets only listed apps in. A Salesforce admin must approve the connected app.',
}
const userNotPermitted: Rule = {
  code: 'CRM_USER_NOT_PERMITTED',
  message: 'This Salesforce user may not use the connected app. Add it to the profile or a permission set of the user.',
}
const sessionEnded: Rule = {
  code: 'CRM_UNAUTHENTICATED',
  message: 'The Salesforce session has ended and could not be renewed. Connect Salesforce again.',
}
const forbidden: Rule = {
  code: 'CRM_FORBIDDEN',
  message: 'The Salesforce user that we act as has no right to do this. Check profile, permission sets and sharing.',
}
const gone: Rule = { code: 'NOT_FOUND', message: 'There is no such record in Salesforce. It may have been deleted.' }
const unknownName: Rule = {
  code: 'CRM_REJECTED',
  message: 'Salesforce does not know {fields}, or hides it from us.',
  doubtful: true,
}
const tryAgain: Rule = { code: 'CRM_UNAVAILABLE', message: 'Salesforce is busy with this record. Try again.' }
export const unavailable: Rule = {
  code: 'CRM_UNAVAILABLE',
  message: 'Salesforce is not available at the moment. Try again.',
}
const throttled: Rule = {
  code: 'CRM_RATE_LIMITED',
  message: 'Salesforce has too many calls in progress. Try again in a moment.',
}
const quotaExhausted: Rule = {
  code: 'CRM_QUOTA_EXHAUSTED',
  message: 'The daily number of API calls of this Salesforce org is used up.',
}
const changedSince: Rule = {
  code: 'CONFLICT',
  message: 'Somebody else has changed this in Salesforce in the meantime.',
}
const rejected = (message: string): Rule => ({ code: 'CRM_REJECTED', message })
const doubtful = (rule: Rule): Rule => ({ ...rule, doubtful: true })

export const apiRules: ReadonlyMap<string, Rule> = new Map(
  Object.entries<Rule>({
    INVALID_SESSION_ID: sessionEnded,
    API_DISABLED_FOR_ORG: apiDisabled,
    API_CURRENTLY_DISABLED: apiDisabled,
    INSUFFICIENT_ACCESS: forbidden,
    INSUFFICIENT_ACCESS_OR_READONLY: forbidden,
    INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: forbidden,
    CANNOT_EXECUTE_FLOW_TRIGGER: rejected('An automation in Salesforce failed and stopped this.'),
    CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: rejected('An automation in Salesforce failed and stopped this.'),
    ENTITY_IS_LOCKED: rejected('This record is locked in Salesforce, as it is during an approval.'),
    FIELD_INTEGRITY_EXCEPTION: rejected('The value of {fields} does not go with the rest of the record.'),
    FORBIDDEN: forbidden,
    REQUEST_LIMIT_EXCEEDED: quotaExhausted,
    SERVER_UNAVAILABLE: unavailable,
    UNKNOWN_EXCEPTION: unavailable,
    QUERY_TIMEOUT: { code: 'CRM_TIMEOUT', message: 'The search took Salesforce too long.' },
    UNABLE_TO_LOCK_ROW: tryAgain,
    NOT_FOUND: gone,
    ENTITY_IS_DELETED: gone,
    MALFORMED_ID: gone,
    CANNOT_UPDATE_CONVERTED_LEAD: {
      code: 'CRM_RECORD_GONE',
      message: 'This lead was converted in Salesforce and cannot be changed any more.',
    },
    DUPLICATES_DETECTED: { code: 'DUPLICATE', message: 'Salesforce found records that look like this one.' },
    DUPLICATE_VALUE: rejected('Another record in Salesforce has this value of {fields}, which must be unique.'),
    INVALID_FIELD: unknownName,
    INVALID_FIELD_FOR_INSERT_UPDATE: doubtful(rejected('Salesforce does not let us write {fields}.')),
    INVALID_QUERY_FILTER_OPERATOR: doubtful(rejected('Salesforce cannot compare a field in this way.')),
    INVALID_TYPE: doubtful({ code: 'NOT_FOUND', message: 'Salesforce has no such entity type, or hides it from us.' }),
    INVALID_CROSS_REFERENCE_KEY: rejected('The record that {fields} points to is not in Salesforce.'),
    INVALID_EMAIL_ADDRESS: rejected('Salesforce does not accept the e-mail address in {fields}.'),
    INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: doubtful(
      rejected('The value of {fields} is not one that Salesforce offers.'),
    ),
    JSON_PARSER_ERROR: doubtful(rejected('A value has not the type that Salesforce expects.')),
    NUMBER_OUTSIDE_VALID_RANGE: rejected('The number in {fields} is too large or too small for Salesforce.'),
    REQUIRED_FIELD_MISSING: doubtful(rejected('Salesforce demands a value for {fields}.')),
    STORAGE_LIMIT_EXCEEDED: rejected('The storage of this Salesforce org is full.'),
    STRING_TOO_LONG: doubtful(rejected('The value of {fields} is too long for Salesforce.')),
  }),
)

export const tooManySignIns: Rule = {
  code: 'CRM_RATE_LIMITED',
  message: 'Salesforce refuses more sign-ins for now. Try again later.',
}

/** OAuth errors, from the token endpoint (`error`) or the sign-in page. */
export const signInRules: ReadonlyMap<string, Rule> = new Map(
  Object.entries<Rule>({
    invalid_grant: sessionEnded,
    invalid_client: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'Salesforce does not accept the secret of the connected app. Correct the consumer secret.',
    },
    invalid_client_id: {
      code: 'CRM_CREDENTIALS_INVALID',
      message:
        'Salesforce does not know the connected app. Correct the consumer key; a new app works after ten minutes.',
    },
    redirect_uri_mismatch: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'The callback address is not listed in the connected app. Add it there, to the letter.',
    },
    invalid_scope: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'The connected app lacks a scope. Give it "api" and "refresh_token, offline_access".',
    },
    invalid_app_access: appNotApproved,
    app_not_found: appNotApproved,
    OAUTH_APP_BLOCKED: appNotApproved,
    OAUTH_APP_ACCESS_DENIED: userNotPermitted,
    inactive_user: userNotPermitted,
    inactive_org: {
      code: 'CRM_UNAUTHENTICATED',
      message: 'This Salesforce org is locked, closed or suspended.',
    },
    access_denied: {
      code: 'CRM_CONSENT_REQUIRED',
      message: 'Access was not allowed at the Salesforce page. Connect again.',
    },
    unsupported_grant_type: {
      code: 'CRM_CREDENTIALS_INVALID',
      message: 'The connected app does not allow this way of signing in. Enable the authorization code flow in it.',
    },
    rate_limit_exceeded: tooManySignIns,
    server_error: unavailable,
    temporarily_unavailable: unavailable,
  }),
)

/** Where a code says too little, the text decides. Only ever narrows what the tables say. */
export function narrowed(rule: Rule, text: string): Rule {
  if (rule === quotaExhausted && /concurrent/i.test(text)) return throttled
  if (rule === sessionEnded && /already being processed/i.test(text)) return unavailable
  if (rule === sessionEnded && /hasn't approved this consumer/i.test(text)) {
    return {
      code: 'CRM_CONSENT_REQUIRED',
      message: 'The user has not approved the connected app. Connect Salesforce again.',
    }
  }
  if (rule === sessionEnded && /admin approved/i.test(text)) return userNotPermitted
  return rule
}

export function ruleOfStatus(status: number): Rule {
  if (status === 401) return sessionEnded
  if (status === 403) return forbidden
  if (status === 404) return gone
  if (status === 412) return changedSince
  if (status === 420 || status === 429) return throttled
  if (status >= 500) return unavailable
  return rejected('Salesforce did not accept this request.')
}
