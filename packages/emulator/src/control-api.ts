import type { Clock } from './clock.ts'
import {
  type Control,
  type Fault,
  type Latency,
  type MetadataChange,
  methods,
  type Switches,
  type Throttle,
} from './control.ts'
import type { Converted, Desk } from './desk.ts'
import { type EmulatorRequest, type EmulatorResponse, jsonResponse } from './http.ts'
import type { RandomFaults } from './random-faults.ts'
import { type Store, textOf } from './store.ts'

/** What a control request may change. */
export interface ControlParts {
  store: Store
  clock: Clock
  control: Control
  desk: Desk
}

export const controlPrefix = '/_emulator/'

/**
 * Answers a request below `/_emulator/`: 204 for what was done, 400 with a sentence for what was not understood, 403 for a
 * page of another address: any web site could otherwise empty the CRMs of who visits it.
 */
export function handleControl(request: EmulatorRequest, parts: ControlParts): EmulatorResponse {
  const { origin = request.origin } = request.headers
  if (origin !== request.origin) {
    return jsonResponse(403, { error: `The control API takes no requests from pages at ${origin}.` })
  }
  const [resource = '', ...named] = request.path.slice(controlPrefix.length).split('/').map(decodeURIComponent)
  try {
    return answer(`${request.method} ${resource}`, named, request, parts)
  } catch (error) {
    return jsonResponse(400, { error: error instanceof Error ? error.message : String(error) })
  }
}

function answer(
  asked: string,
  [table = '', id = '']: readonly string[],
  request: EmulatorRequest,
  { store, clock, control, desk }: ControlParts,
): EmulatorResponse {
  const body: unknown = request.body ? JSON.parse(request.body) : {}
  switch (asked) {
    case 'GET calls':
      return jsonResponse(200, control.calls)
    case 'DELETE calls':
      control.calls.length = 0
      break
    case 'GET records':
      return jsonResponse(200, findRecords(store, table, request.query))
    case 'PATCH records':
      desk.change({ table, id }, body as Record<string, unknown>)
      break
    case 'DELETE records':
      desk.remove({ table, id })
      break
    case 'POST merge':
      desk.merge({ table, id }, (body as { masterId: string }).masterId)
      break
    case 'POST convert-lead':
      desk.convertLead(table, body as Converted)
      break
    case 'POST latency':
      control.latency = body as Latency
      break
    case 'POST faults': {
      const fault = body as Fault
      const { method, path, body: text } = fault.match ?? {}
      // It would never strike, and whoever waits for what it brings about would not learn why.
      if (method !== undefined && !methods.includes(method)) {
        throw new Error(`A fault strikes one method: ${methods.join(', ')}. There is no ${method}.`)
      }
      control.faults.push({
        ...fault,
        match: fault.match ?? {},
        ...(path !== undefined && { path: new RegExp(path) }),
        ...(text !== undefined && { body: new RegExp(text) }),
        seen: 0,
      })
      break
    }
    case 'DELETE faults':
      control.faults.length = 0
      break
    case 'GET random-faults':
      return jsonResponse(200, control.chance.figures)
    case 'POST random-faults':
      control.chance.set(body as RandomFaults)
      break
    case 'DELETE random-faults':
      control.chance.set(null)
      break
    case 'POST throttle':
      control.setThrottle(body as Throttle)
      break
    case 'POST clock':
      clock.advance((body as { advanceMs: number }).advanceMs)
      break
    case 'POST switches': {
      const { expireTokens, ...switches } = body as Switches & { expireTokens?: boolean }
      if (expireTokens) control.expireTokens()
      control.setSwitches(switches)
      break
    }
    case 'POST metadata':
      control.changeMetadata(body as MetadataChange)
      break
    case 'POST reset':
      control.reset()
      clock.reset()
      store.reset()
      break
    default:
      return jsonResponse(404, { error: `The control API has no ${asked}.` })
  }
  return { status: 204 }
}

function findRecords(store: Store, table: string, wanted: URLSearchParams): unknown[] {
  const conditions = [...wanted]
  return [...store.table(table).values()].filter((row) =>
    conditions.every(([field, value]) => textOf(row[field]) === value),
  )
}
