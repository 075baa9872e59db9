/** What Entra says when it refuses: a number, a text, and ids that go with them (crm-apis.md 1.2). */
import { randomUUID } from 'node:crypto'
import { type EmulatorResponse, jsonResponse } from '../../http.ts'
import { dynamicsDemo } from '../demo.ts'

export interface EntraRefusal {
  status: number
  error: string
  code: number
  text: string
}

export const consentMissing = (clientId: string): EntraRefusal => ({
  status: 400,
  error: 'invalid_grant',
  code: 65001,
  text: `The user or administrator has not consented to use the application with ID '${clientId}'. Send an interactive authorization request for this user and resource.`,
})

export const appDisabled = (clientId: string): EntraRefusal => ({
  status: 400,
  error: 'unauthorized_client',
  code: 7000112,
  text: `Application '${clientId}' is disabled.`,
})

export const unknownApp = (clientId: string): EntraRefusal => ({
  status: 400,
  error: 'unauthorized_client',
  code: 700016,
  text: `Application with identifier '${clientId}' was not found in the directory '${dynamicsDemo.organizationName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
})

export const unknownResource = (resource: string): EntraRefusal => ({
  status: 400,
  error: 'invalid_resource',
  code: 500011,
  text: `The resource principal named ${resource} was not found in the tenant named ${dynamicsDemo.organizationName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
})

export const unknownTenant = (tenant: string): EntraRefusal => ({
  status: 400,
  error: 'invalid_request',
  code: 90002,
  text: `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
})

/** As the token endpoint writes it. */
export function refusalAnswer({ status, error, code, text }: EntraRefusal, now: number): EmulatorResponse {
  const traceId = randomUUID()
  const correlationId = randomUUID()
  const timestamp = new Date(now).toISOString().slice(0, 19).replace('T', ' ')
  return jsonResponse(status, {
    error,
    error_description: `AADSTS${code}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}Z`,
    error_codes: [code],
    timestamp: `${timestamp}Z`,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  })
}
