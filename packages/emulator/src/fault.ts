import type { ArmedFault, FaultEffect } from './control.ts'
import type { EmulatorRequest, EmulatorResponse } from './http.ts'

/** The effect of the first fault whose turn it is with this call, if any. Counts the call for every fault it matches. */
export function takeFault(faults: readonly ArmedFault[], request: EmulatorRequest): FaultEffect | undefined {
  let struck: FaultEffect | undefined
  for (const fault of faults) {
    if (!matches(fault, request)) continue
    fault.seen += 1
    const first = fault.match.nth ?? 1
    if (!struck && fault.seen >= first && fault.seen < first + (fault.match.times ?? 1)) struck = fault.effect
  }
  return struck
}

function matches(fault: ArmedFault, request: EmulatorRequest): boolean {
  if (fault.match.method !== undefined && fault.match.method !== request.method) return false
  if (fault.path && !fault.path.test(request.rawQuery ? `${request.path}?${request.rawQuery}` : request.path))
    return false
  return !fault.body || fault.body.test(request.body)
}

/** The answer that a fault gives in the CRM's place, if it gives one. */
export function faultResponse(effect: FaultEffect): EmulatorResponse | undefined {
  if (effect.html) {
    return {
      status: effect.status ?? 502,
      headers: { 'content-type': 'text/html; charset=utf-8', ...effect.headers },
      body: '<!doctype html><html><head><title>Gateway error</title></head><body><h1>The proxy could not reach the server.</h1></body></html>',
    }
  }
  if (effect.status === undefined) return undefined
  const { body } = effect
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  return { status: effect.status, headers: { 'content-type': type, ...effect.headers }, body: text }
}
