import { type EmulatorResponse, jsonResponse } from '../http.ts'

/** A refusal in Dataverse's words: status, code and text as the vendor gives them (crm-apis.md 1.13). */
export class DataverseError extends Error {
  override readonly name = 'DataverseError'
  readonly status: number
  readonly code: string
  readonly headers: Record<string, string>

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/** A property, option or literal of a query that the server does not take. */
export const badQuery = (message: string) => new DataverseError(400, '0x80060888', message)

export const unknownProperty = (name: string, entity: string) =>
  badQuery(`Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${entity}'.`)

/** A body that does not fit the entity; `reason` names the exception as the server prints it. */
export const badPayload = (entitySet: string, reason: string) =>
  new DataverseError(
    400,
    '0x80048d19',
    `Error identified in Payload provided by the user for Entity :'${entitySet}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : ${reason}`,
  )

export const segmentNotFound = (segment: string) =>
  new DataverseError(404, '0x8006088a', `Resource not found for the segment '${segment}'.`)

export const recordNotFound = (entity: string, id: string) =>
  new DataverseError(404, '0x80040217', `${entity} With Id = ${id} Does Not Exist`)

export const alternateKeyNotFound = (entity: string) =>
  new DataverseError(404, '0x80060891', `A record with the specified key values does not exist in ${entity} entity`)

export const keyExists = () =>
  new DataverseError(412, '0x80040237', 'A record with matching key values already exists.')

export const cannotInsertDuplicate = () => new DataverseError(412, '0x80040237', 'Cannot insert duplicate key.')

export const versionMismatch = () =>
  new DataverseError(
    412,
    '0x80060882',
    "The version of the existing record doesn't match the RowVersion property provided.",
  )

export const invalidArgument = (message: string) => new DataverseError(400, '0x80040203', message)

export const methodNotAllowed = (method: string) =>
  new DataverseError(405, '0x80060888', `The HTTP method '${method}' is not supported for this resource.`)

/** With all annotations asked for, an error tells more (crm-apis.md 1.13). */
export function errorResponse(error: DataverseError, withDetails: boolean): EmulatorResponse {
  const details = withDetails
    ? {
        '@Microsoft.PowerApps.CDS.HelpLink': `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${error.code.slice(2)}&client=platform`,
        '@Microsoft.PowerApps.CDS.TraceText': '',
        '@Microsoft.PowerApps.CDS.InnerError.Message': error.message,
      }
    : {}
  return jsonResponse(
    error.status,
    { error: { code: error.code, message: error.message, ...details } },
    { 'content-type': 'application/json; odata.metadata=minimal', 'odata-version': '4.0', ...error.headers },
  )
}
