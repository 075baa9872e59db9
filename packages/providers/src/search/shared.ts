import { createSingleFlight } from '../http/index.ts'
import type { SearchResult } from '../model/index.ts'
import type { CrmProvider } from '../provider.ts'

type SearchRecords = CrmProvider['searchRecords']

/**
 * The same search, with identical ones in flight made one (product.md decision 3). Callers share the result and must
 * not change it. The call to the CRM ends when the last caller has left.
 */
export function shareSearches(search: SearchRecords): SearchRecords {
  const flights = createSingleFlight<SearchResult>()

  return (request, { signal, ...options } = {}) =>
    flights.run(JSON.stringify([request, options]), signal, (shared) => search(request, { ...options, signal: shared }))
}
