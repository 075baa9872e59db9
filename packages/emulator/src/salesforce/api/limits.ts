import { methodNotAllowed } from '../errors.ts'
import type { ApiAnswer, ApiCall, Org } from './call.ts'

/** The org's calls in 24 hours. Roomy, so that nobody meets it unasked: a switch exhausts it. */
export const dailyCalls = 1_000_000

/** `GET limits`, with those of the 71 keys that anybody here could use. */
export function answerLimits(call: ApiCall, org: Org): ApiAnswer {
  if (call.method !== 'GET') throw methodNotAllowed(call.method, 'HEAD,GET')
  const untouched = (max: number) => ({ Max: max, Remaining: max })
  return {
    status: 200,
    value: {
      DailyApiRequests: { Max: dailyCalls, Remaining: dailyCalls - org.callsUsed() },
      DailyBulkApiBatches: untouched(15_000),
      DailyAsyncApexExecutions: untouched(250_000),
      DataStorageMB: untouched(1024),
      FileStorageMB: untouched(1024),
      SingleEmail: untouched(5000),
    },
  }
}
