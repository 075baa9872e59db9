/** What Salesforce says when it refuses, turned into neutral errors by table (crm-apis.md 2.1, 2.2, 2.11, 2.12). */
import { type DuplicateCandidate, ProviderError, type ProviderFieldError } from '../errors.ts'
import { apiRules, narrowed, type Rule, ruleOfStatus, signInRules, tooManySignIns, unavailable } from './error-rules.ts'

/** What a call would have done: only a WRITE leaves open whether it was done. */
export type Effect = 'READ' | 'WRITE'

/** One element of an error answer. Collections write `statusCode` where the rest of the API writes `errorCode`. */
interface ApiError {
  errorCode?: string
  statusCode?: string
  message?: string
  fields?: string[]
  /** The platform's own misspelling, and the word that newer versions use. */
  duplicateResut?: DuplicateReport
  duplicateResult?: DuplicateReport
}

interface DuplicateReport {
  allowSave?: boolean
  matchResults?: {
    entityType?: string
    matchRecords?: { record?: { attributes?: { type?: string }; Id?: string; Name?: string | null } }[]
  }[]
}

// Where `fields` is empty, the text still names the fields. The texts are those of crm-apis.md 2.12.
const namesInText = [
  /No such column '([\w.]+)'/,
  /Required fields are missing: \[([^\]]*)\]/,
  /Unable to create\/update fields: ([\w, ]+)\./,
  /duplicate value found: (\w+) duplicates/,
  /field '([\w.]+)' can not be filtered/,
]

function namesOf(error: ApiError): string[] {
  if (error.fields !== undefined && error.fields.length > 0) return error.fields
  for (const pattern of namesInText) {
    const found = pattern.exec(error.message ?? '')?.[1]
    if (found !== undefined) return found.split(',').map((name) => name.trim())
  }
  return []
}

const withFields = (message: string, names: readonly string[]): string =>
  message.replace('{fields}', names.length === 0 ? 'a field' : names.join(', '))

/** Of several errors in one answer each is judged by its own code. The removed record type is told by its field. */
function isDoubtful(error: ApiError, fallback: Rule): boolean {
  const code = error.errorCode ?? error.statusCode ?? ''
  if (code === 'INVALID_CROSS_REFERENCE_KEY') return namesOf(error).includes('RecordTypeId')
  return (apiRules.get(code) ?? fallback).doubtful === true
}

function candidatesOf(report: DuplicateReport | undefined): DuplicateCandidate[] {
  return (report?.matchResults ?? []).flatMap((result) =>
    (result.matchRecords ?? []).flatMap(({ record }) => {
      const entityName = record?.attributes?.type ?? result.entityType
      if (record?.Id === undefined || entityName === undefined) return []
      return [{ entityName, remoteId: record.Id, name: record.Name ?? null }]
    }),
  )
}

function errorsIn(body: unknown): ApiError[] {
  if (Array.isArray(body)) return body.filter((item) => typeof item === 'object' && item !== null) as ApiError[]
  if (typeof body !== 'object' || body === null) return []
  if ('error' in body && typeof body.error === 'string') {
    return [{ errorCode: body.error, message: 'error_description' in body ? String(body.error_description) : '' }]
  }
  return [body]
}

/** Salesforce's own code of an error answer. */
function vendorCode(body: unknown): string | undefined {
  const first = errorsIn(body)[0]
  return first?.errorCode ?? first?.statusCode
}

/**
 * The neutral error of an answer that is not a success. `body` is its parsed JSON, undefined where it is none.
 * A 5xx of a WRITE leaves open whether it was done.
 */
export function toProviderError(
  answer: { status: number; body: unknown; retryAfter?: number },
  effect: Effect,
): ProviderError {
  const errors = errorsIn(answer.body)
  const code = vendorCode(answer.body)
  const text = errors[0]?.message ?? ''
  const rule = narrowed(
    (code === undefined ? undefined : (apiRules.get(code) ?? signInRules.get(code))) ?? ruleOfStatus(answer.status),
    text,
  )
  const fields: ProviderFieldError[] = errors.flatMap((error) => {
    const own = apiRules.get(error.errorCode ?? error.statusCode ?? '') ?? rule
    return namesOf(error).map((name) => ({ name, message: withFields(own.message, [name]) }))
  })
  const report = errors[0]?.duplicateResut ?? errors[0]?.duplicateResult
  // A validation rule speaks with the words that the customer's admin gave it.
  const message = code === 'FIELD_CUSTOM_VALIDATION_EXCEPTION' && text !== '' ? text : rule.message
  return new ProviderError(rule.code, {
    message: withFields(
      message,
      fields.map((field) => field.name),
    ),
    status: answer.status,
    outcome: effect === 'WRITE' && answer.status >= 500 ? 'UNKNOWN' : 'NOT_APPLIED',
    fields,
    duplicates: candidatesOf(report),
    canInsist: report?.allowSave === true,
    metadataDoubtful: errors.some((error) => isDoubtful(error, rule)),
    ...(rule.advice === undefined ? {} : { advice: rule.advice }),
    ...(code === undefined ? {} : { providerCode: code }),
    ...(answer.retryAfter === undefined ? {} : { retryAfter: answer.retryAfter }),
  })
}

/**
 * The neutral error of an OAuth refusal: `error` and `error_description` as Salesforce gave them.
 * @param answer of the token endpoint, where it came from there; `retryAfter` in seconds
 */
export function toSignInError(
  error: string,
  description: string,
  answer?: { status: number; retryAfter: number | null },
): ProviderError {
  const unnamed = answer?.status === 429 ? tooManySignIns : unavailable
  const rule = narrowed(signInRules.get(error) ?? unnamed, description)
  return new ProviderError(rule.code, {
    message: rule.message,
    providerCode: error,
    ...(answer === undefined ? {} : { status: answer.status }),
    ...(answer?.retryAfter == null ? {} : { retryAfter: answer.retryAfter }),
  })
}

/** An answer that is no JSON: a maintenance page, a proxy, a wrong host. */
export function notJson(status: number, effect: Effect): ProviderError {
  return new ProviderError('CRM_UNAVAILABLE', {
    message: 'Salesforce answered with something that is not data: a maintenance page, a proxy or a wrong address.',
    status,
    outcome: effect === 'WRITE' && (status < 400 || status >= 500) ? 'UNKNOWN' : 'NOT_APPLIED',
  })
}
