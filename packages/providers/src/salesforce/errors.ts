/** What Salesforce says when it refuses, turned into neutral errors by table (crm-apis.md 2.1, 2.2, 2.11, 2.12). */
import { ProviderError, type ProviderFieldError } from '../errors.ts'
import { type ApiError, readErrors } from './error-answer.ts'
import { apiRules, narrowed, type Rule, ruleOfStatus, signInRules, tooManySignIns, unavailable } from './error-rules.ts'

/** What a call would have done: only a WRITE leaves open whether it was done. */
export type Effect = 'READ' | 'WRITE'

// Where `fields` is empty, the text still names the fields. The texts are those of crm-apis.md 2.12.
const namesInText = [
  /No such column '([\w.]+)'/,
  /Required fields are missing: \[([^\]]*)\]/,
  /Unable to create\/update fields: ([\w, ]+)\./,
  /duplicate value found: (\w+) duplicates/,
  /field '([\w.]+)' can not be filtered/,
]

function namesOf(error: ApiError): string[] {
  if (error.fields.length > 0) return error.fields
  for (const pattern of namesInText) {
    const found = pattern.exec(error.message)?.[1]
    if (found !== undefined) return found.split(',').map((name) => name.trim())
  }
  return []
}

const withFields = (message: string, names: readonly string[]): string =>
  message.replace('{fields}', names.length === 0 ? 'a field' : names.join(', '))

/** Of several errors in one answer each is judged by its own code. The removed record type is told by its field. */
function isDoubtful(error: ApiError, fallback: Rule): boolean {
  const { code = '' } = error
  if (code === 'INVALID_CROSS_REFERENCE_KEY') return namesOf(error).includes('RecordTypeId')
  return (apiRules.get(code) ?? fallback).doubtful === true
}

/**
 * The neutral error of an answer that is not a success. `body` is its parsed JSON, undefined where it is none.
 * A 5xx of a WRITE leaves open whether it was done.
 */
export function toProviderError(
  answer: { status: number; body: unknown; retryAfter?: number },
  effect: Effect,
): ProviderError {
  const errors = readErrors(answer.body)
  const { code, message: text = '', duplicates = [], allowSave = false } = errors[0] ?? {}
  const rule = narrowed(
    (code === undefined ? undefined : (apiRules.get(code) ?? signInRules.get(code))) ?? ruleOfStatus(answer.status),
    text,
  )
  const fields: ProviderFieldError[] = errors.flatMap((error) => {
    const own = apiRules.get(error.code ?? '') ?? rule
    return namesOf(error).map((name) => ({ name, message: withFields(own.message, [name]) }))
  })
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
    duplicates,
    canInsist: allowSave,
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
