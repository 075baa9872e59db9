import { methodNotAllowed, notFound } from '../errors.ts'
import type { ApiAnswer, ApiCall, Org } from './call.ts'
import { answerCollections } from './collections.ts'
import { answerBatch, answerComposite, answerGraph } from './composite.ts'
import { answerLimits } from './limits.ts'
import { answerPicklists } from './picklists.ts'
import { answerQuery } from './query.ts'
import { answerRecent } from './recent.ts'
import { answerSearch } from './search.ts'
import { answerSObjects } from './sobjects.ts'
import { answerTree } from './tree.ts'

/** Resources of a version, as `GET /services/data/v60.0/` lists them. */
const resources = ['composite', 'limits', 'query', 'queryAll', 'recent', 'search', 'sobjects']

/** Answers one operation of the REST API; throws SalesforceError where the vendor refuses. */
export function routeCall(given: ApiCall, org: Org): ApiAnswer {
  const call = withOverride(given)
  const dispatch = (part: ApiCall) => routeCall(part, org)
  const [resource, second] = call.segments
  switch (resource?.toLowerCase()) {
    case undefined:
      if (call.method !== 'GET') throw methodNotAllowed(call.method, 'HEAD,GET')
      return {
        status: 200,
        value: Object.fromEntries(resources.map((name) => [name, `/services/data/${call.version}/${name}`])),
      }
    case 'query':
    case 'queryall':
      return answerQuery(call, org)
    case 'sobjects':
      return answerSObjects(call, org)
    case 'search':
      return answerSearch(call, org)
    case 'recent':
      return answerRecent(call, org)
    case 'ui-api':
      return answerPicklists(call, org)
    case 'limits':
      return answerLimits(call, org)
    case 'composite':
      switch (second) {
        case undefined:
          return answerComposite(call, org, dispatch)
        case 'sobjects':
          return answerCollections(call, org)
        case 'batch':
          return answerBatch(call, dispatch)
        case 'graph':
          return answerGraph(call, org, dispatch)
        case 'tree':
          return answerTree(call, org)
        default:
          throw notFound()
      }
    default:
      throw notFound()
  }
}

/** `POST …?_HttpMethod=PATCH`, for clients without PATCH. */
function withOverride(call: ApiCall): ApiCall {
  const method = call.query.get('_HttpMethod')
  return call.method === 'POST' && method ? { ...call, method: method.toUpperCase() } : call
}
