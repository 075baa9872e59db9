import { randomUUID } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Control } from '../control.ts'
import { type CrmHandler, type EmulatorRequest, type EmulatorResponse, jsonResponse } from '../http.ts'
import type { Store } from '../store.ts'
import { refuseAccess } from './access.ts'
import { answerBatch } from './batch/batch.ts'
import { type Call, toSegments } from './call.ts'
import { dynamicsDemo } from './demo.ts'
import { DataverseError, errorResponse } from './errors.ts'
import { answerCall } from './operations/routes.ts'
import { createOrg, type Org } from './org.ts'
import { answerPage } from './record-page.ts'
import { answerSignIn } from './sign-in/routes.ts'

export { dynamicsDemo } from './demo.ts'
export { createDynamicsDesk } from './desk.ts'
export { seedDynamics } from './seed.ts'

/** The emulated Dynamics 365 org: sign-in, Dataverse Web API, record pages. */
export function createDynamics(parts: { store: Store; clock: Clock; control: Control }): CrmHandler {
  const org = createOrg(parts)
  return (asked) => {
    const request = belowOrgName(asked)
    const signIn = answerSignIn(request, org)
    if (signIn) return signIn
    if (request.path.startsWith('/api/')) return answerApi(request, org)
    if (request.path === '/' || request.path.toLowerCase().endsWith('/main.aspx')) return answerPage(request, org)
    return jsonResponse(404, { error: { code: '0x80060888', message: 'Not Found' } })
  }
}

/** Without an internet-facing deployment a server has several orgs, each below its name. */
function belowOrgName(request: EmulatorRequest): EmulatorRequest {
  const prefix = `/${dynamicsDemo.onPremisesName}`
  if (request.path !== prefix && !request.path.startsWith(`${prefix}/`)) return request
  return { ...request, path: request.path.slice(prefix.length) || '/', origin: request.origin + prefix }
}

/** Longer addresses are refused before anything reads them; a batch is the way for a long query (crm-apis.md 1.5). */
const addressLimit = 32 * 1024

/** With the headers that every answer of the Web API carries. */
function answerApi(request: EmulatorRequest, org: Org): EmulatorResponse {
  const response = answerData(request, org)
  const requestId = randomUUID()
  const headers = { req_id: requestId, 'x-ms-service-request-id': requestId, 'x-ms-dop-hint': '50' }
  return { ...response, headers: { ...response.headers, ...headers } }
}

function answerData(request: EmulatorRequest, org: Org): EmulatorResponse {
  if (request.path.length + request.rawQuery.length > addressLimit) return { status: 414 }
  const refusal = refuseAccess(request, org)
  if (refusal) return refusal
  const found = /^\/api\/data\/(v9\.\d)(?:\/(.*))?$/.exec(request.path)
  if (!found) {
    return errorResponse(
      new DataverseError(404, '0x8006088a', 'The requested version or resource of the Web API does not exist.'),
      false,
    )
  }
  const [, version = '', rest = ''] = found
  try {
    const call: Call = {
      method: request.method,
      segments: toSegments(rest),
      query: request.query,
      rawQuery: request.rawQuery,
      headers: request.headers,
      body: request.body,
      root: `${request.origin}/api/data/${version}`,
    }
    return call.segments[0] === '$batch' && call.method === 'POST' ? answerBatch(call, org) : answerCall(call, org)
  } catch (error) {
    if (error instanceof DataverseError) return errorResponse(error, false)
    if (error instanceof URIError)
      return errorResponse(new DataverseError(400, '0x80060888', 'Bad Request - Error in query syntax.'), false)
    throw error
  }
}
