import type {
  Fault,
  FaultEffect,
  FaultMatch,
  Latency,
  MetadataChange,
  RecordedCall,
  Switches,
  Throttle,
} from './control.ts'
import type { Converted, DeskRecord } from './desk.ts'
import type { FaultFigures, RandomFaults } from './random-faults.ts'

/** The control API of one emulated CRM, for tests and demos. */
export interface ControlClient {
  /** Every call since the last `clearCalls` or `reset`, oldest first; calls of the control API are not among them. */
  calls(): Promise<RecordedCall[]>
  clearCalls(): Promise<void>
  /** The rows of a table (Dynamics: logical name; Salesforce: API name), as they are kept; fields compare as text. */
  records(table: string, fields?: Record<string, string>): Promise<Record<string, unknown>[]>
  /** A person writes into a record: values as they are kept, unchecked. */
  changeRecord(record: DeskRecord, values: Record<string, unknown>): Promise<void>
  removeRecord(record: DeskRecord): Promise<void>
  /** A person makes one record of two. */
  mergeRecords(loser: DeskRecord, masterId: string): Promise<void>
  /** A person converts a lead (Dynamics: qualifies it) into records that are there. */
  convertLead(leadId: string, into: Converted): Promise<void>
  setLatency(latency: Latency): Promise<void>
  addFault(match: FaultMatch, effect: FaultEffect): Promise<void>
  clearFaults(): Promise<void>
  /** Null: no more of them; what is to land late still does. */
  setRandomFaults(faults: RandomFaults | null): Promise<void>
  /** What was dealt by chance since then. */
  faultFigures(): Promise<FaultFigures>
  throttle(throttle: Throttle): Promise<void>
  advanceClock(ms: number): Promise<void>
  /** `expireTokens` makes every token issued so far expire, once; the others stay as they are set. */
  setSwitches(switches: Switches & { expireTokens?: boolean }): Promise<void>
  changeMetadata(change: MetadataChange): Promise<void>
  /** Back to the seed: rows, clock, calls, faults, switches, metadata. */
  reset(): Promise<void>
}

/** `url` is the emulated CRM's address as `startEmulator` gives it. Throws with the answer's sentence when refused. */
export function createControl(url: string): ControlClient {
  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${url}/_emulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    if (!response.ok) throw new Error(`${method} ${path} was refused: ${await response.text()}`)
    return response
  }

  const at = ({ table, id }: DeskRecord) => `${encodeURIComponent(table)}/${encodeURIComponent(id)}`

  async function read<T>(path: string): Promise<T> {
    const response = await send('GET', path)
    return (await response.json()) as T
  }

  async function change(method: string, path: string, body?: unknown): Promise<void> {
    await send(method, path, body)
  }

  return {
    calls: () => read('calls'),
    clearCalls: () => change('DELETE', 'calls'),
    records: (table, fields = {}) => read(`records/${encodeURIComponent(table)}?${new URLSearchParams(fields)}`),
    changeRecord: (record, values) => change('PATCH', `records/${at(record)}`, values),
    removeRecord: (record) => change('DELETE', `records/${at(record)}`),
    mergeRecords: (loser, masterId) => change('POST', `merge/${at(loser)}`, { masterId }),
    convertLead: (leadId, into) => change('POST', `convert-lead/${encodeURIComponent(leadId)}`, into),
    setLatency: (latency) => change('POST', 'latency', latency),
    addFault: (match, effect) => change('POST', 'faults', { match, effect } satisfies Fault),
    clearFaults: () => change('DELETE', 'faults'),
    setRandomFaults: (faults) => change(faults === null ? 'DELETE' : 'POST', 'random-faults', faults ?? undefined),
    faultFigures: () => read('random-faults'),
    throttle: (throttle) => change('POST', 'throttle', throttle),
    advanceClock: (advanceMs) => change('POST', 'clock', { advanceMs }),
    setSwitches: (switches) => change('POST', 'switches', switches),
    changeMetadata: (metadata) => change('POST', 'metadata', metadata),
    reset: () => change('POST', 'reset'),
  }
}
