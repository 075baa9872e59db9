/** The errors of Salesforce's REST API: an array of message, code and, for row errors, fields (crm-apis.md 2.12). */

export interface ErrorItem {
  message: string
  errorCode: string
  fields?: string[]
  /** With DUPLICATES_DETECTED, under the key that the API version spells (crm-apis.md 2.11). */
  duplicateResult?: unknown
  duplicateResut?: unknown
}

/** An answer that refuses the call. */
export class SalesforceError extends Error {
  override readonly name = 'SalesforceError'
  readonly status: number
  readonly items: readonly ErrorItem[]

  constructor(status: number, ...items: ErrorItem[]) {
    super(items.map((item) => `${item.errorCode}: ${item.message}`).join('; '))
    this.status = status
    this.items = items
  }
}

/** A 400 about the call as a whole. */
export const refused = (errorCode: string, message: string) => new SalesforceError(400, { message, errorCode })

/** A 400 about fields of a row. */
export const rowError = (errorCode: string, message: string, fields: string[] = []) =>
  new SalesforceError(400, { message, errorCode, fields })

export const notFound = (message = 'The requested resource does not exist') =>
  new SalesforceError(404, { errorCode: 'NOT_FOUND', message })

export const entityIsDeleted = () =>
  new SalesforceError(404, { errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] })

export const methodNotAllowed = (method: string, allowed: string) =>
  new SalesforceError(405, {
    errorCode: 'METHOD_NOT_ALLOWED',
    message: `HTTP Method '${method}' not allowed. Allowed are ${allowed}`,
  })

export const unknownType = (name: string) =>
  refused(
    'INVALID_TYPE',
    `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
  )
