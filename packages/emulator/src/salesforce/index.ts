import { createCodes } from '../authorization-codes.ts'
import type { Clock } from '../clock.ts'
import type { Control } from '../control.ts'
import type { CrmHandler, EmulatorRequest, EmulatorResponse } from '../http.ts'
import type { Store } from '../store.ts'
import { type ApiAnswer, answering, type Org, toSegments } from './api/call.ts'
import { createCursors } from './api/cursors.ts'
import { dailyCalls } from './api/limits.ts'
import { routeCall } from './api/router.ts'
import { notFound, SalesforceError } from './errors.ts'
import { createOrgSchema } from './metadata/schema.ts'
import { userId } from './oauth/app.ts'
import { answerOAuth } from './oauth/endpoints.ts'
import { createTokens, type Tokens } from './oauth/tokens.ts'
import { answerRecordPage } from './record-page.ts'
import { isParserLoaded, loadParser } from './soql/parser.ts'

export { createSalesforceDesk } from './desk.ts'
export { salesforceDemo } from './oauth/app.ts'
export { seedSalesforce } from './seed.ts'

export interface SalesforceParts {
  store: Store
  clock: Clock
  control: Control
}

const apiPath = /^\/services\/data\/(v(\d+)\.0)\/?(.*)$/

/** Versions that `GET /services/data` lists; the oldest that answers is older. */
const newestVersion = 67
const oldestVersion = 31

/** The emulated Salesforce: OAuth, the REST API of crm-apis.md 2.1-2.17 and a plain page for every record. */
export function createSalesforce({ store, clock, control }: SalesforceParts): CrmHandler {
  const tokens = createTokens(store, clock, control)
  const oauth = { tokens, codes: createCodes(clock), control, clock }
  const schema = createOrgSchema(control, clock)
  const now = () => clock.now()
  let calls = 0
  const org: Org = {
    store,
    now,
    schema,
    userId,
    cursors: createCursors(now),
    // Of a rolling day old calls fall out; half of the allowance is never passed unless the switch says so.
    duplicatesBlocked: () => control.switches.duplicatesBlocked === true,
    callsUsed: () => (control.switches.quotaExhausted ? dailyCalls : calls % (dailyCalls / 2)),
  }

  return (request) => {
    const { path } = request
    if (path.startsWith('/services/oauth2/') || path.startsWith('/id/')) {
      // Whoever signs in will ask something next.
      void loadParser()
      return answerOAuth(request, oauth)
    }
    if (path.startsWith('/lightning/r/')) return answerRecordPage(path, store, schema())
    if (/^\/services\/data\/?$/.test(path)) return toResponse({ status: 200, value: versions }, org)
    calls++
    const answer = () =>
      toResponse(
        answerOrApologise(() => answerApi(request, org, tokens, control)),
        org,
      )
    return isParserLoaded() ? answer() : loadParser().then(answer)
  }
}

/** What nobody foresaw is answered as the vendor answers it. */
function answerOrApologise(work: () => ApiAnswer): ApiAnswer {
  try {
    return answering(work)
  } catch (error) {
    const message = `An unexpected error occurred in the emulated Salesforce: ${String(error)}`
    return { status: 500, value: [{ errorCode: 'UNKNOWN_EXCEPTION', message }] }
  }
}

function answerApi(request: EmulatorRequest, org: Org, tokens: Tokens, control: Control): ApiAnswer {
  checkSession(request, tokens)
  checkAllowance(control)
  const [, version, number = '', rest = ''] = apiPath.exec(request.path) ?? []
  if (version === undefined || Number(number) < oldestVersion || Number(number) > newestVersion) throw notFound()
  return routeCall(
    {
      method: request.method === 'HEAD' ? 'GET' : request.method,
      version,
      segments: toSegments(rest),
      query: request.query,
      headers: request.headers,
      body: { text: request.body },
    },
    org,
  )
}

function checkSession(request: EmulatorRequest, tokens: Tokens): void {
  const [, token] = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (token === undefined || !tokens.acceptAccess(token)) {
    throw new SalesforceError(401, { message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' })
  }
}

/** API off (2.2), quota used up, too many at once (2.13): all of them 403, none says for how long. */
function checkAllowance(control: Control): void {
  if (control.switches.apiOff) {
    throw new SalesforceError(403, {
      message: 'The REST API is not enabled for this Organization.',
      errorCode: 'API_DISABLED_FOR_ORG',
    })
  }
  const exceeded = control.switches.quotaExhausted
    ? 'TotalRequests Limit exceeded.'
    : control.takeThrottle() !== undefined
      ? 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.'
      : null
  if (exceeded) throw new SalesforceError(403, { message: exceeded, errorCode: 'REQUEST_LIMIT_EXCEEDED' })
}

function toResponse({ status, headers = {}, value, parts }: ApiAnswer, org: Org): EmulatorResponse {
  const response: EmulatorResponse = {
    status,
    headers: {
      ...(value === undefined ? {} : { 'content-type': 'application/json;charset=UTF-8' }),
      'sforce-limit-info': `api-usage=${org.callsUsed()}/${dailyCalls}`,
      ...headers,
    },
  }
  if (value !== undefined) response.body = JSON.stringify(value)
  if (parts) response.parts = parts
  return response
}

const versions = Array.from({ length: newestVersion - oldestVersion + 1 }, (_, index) => {
  const number = oldestVersion + index
  const year = 15 + Math.floor((number - 31) / 3)
  const season = ['Summer', 'Winter', 'Spring'][(number - 31) % 3]
  return {
    label: `${season} '${season === 'Summer' ? year - 1 : year}`,
    url: `/services/data/v${number}.0`,
    version: `${number}.0`,
  }
})
