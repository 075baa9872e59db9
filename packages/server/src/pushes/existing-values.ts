/** What a record holds already, where a plan gives way to it: asked for before writing, and by who only wants to know. */
import {
  type CallOptions,
  type CrmProvider,
  ProviderError,
  type RecordFieldValue,
  type RemoteReference,
} from '@backchannel/providers'
import type { PlannedValue } from '../plans/plan.ts'

interface Existing {
  /** By field, those of `values` that are not empty. */
  held: ReadonlyMap<string, RecordFieldValue>
  /** Null where there was nothing to ask for. */
  version: string | null
}

/**
 * One reading, and none where all values replace what is there.
 *
 * @throws ProviderError
 */
export async function readExisting(
  provider: Pick<CrmProvider, 'findRecords'>,
  { entityName, remoteId }: RemoteReference,
  values: readonly PlannedValue[],
  options: CallOptions,
): Promise<Existing> {
  const fields = values.filter(({ keepExisting }) => keepExisting).map(({ name }) => name)
  if (fields.length === 0) return { held: new Map(), version: null }
  const [record] = await provider.findRecords(entityName, [remoteId], { attributes: ['version'], fields }, options)
  if (!record) throw new ProviderError('CRM_RECORD_GONE', { message: 'The record is not in the CRM any more.' })
  const held = new Map<string, RecordFieldValue>()
  for (const name of fields) {
    const field = record.fields[name]
    if (field !== undefined && !isEmpty(field)) held.set(name, field)
  }
  return { held, version: record.version }
}

const isEmpty = ({ reference, raw }: RecordFieldValue) => reference === null && (raw === null || raw === '')

/** As a plan shows what stays. */
export function keptValue(planned: PlannedValue, { raw, value, reference }: RecordFieldValue): PlannedValue {
  const text = value ?? reference?.name ?? null
  return toKept(planned, `${planned.label} holds ${text ?? 'a value'} already and is kept`, {
    value: reference === null ? plainText(raw) : null,
    values: null,
    reference: reference && { entityName: reference.entityName, remoteId: reference.remoteId },
  })
}

/** The same of a record that is yet to be made. */
export function keptFromCreation(planned: PlannedValue, { write }: PlannedValue): PlannedValue {
  return toKept(planned, `${planned.label} is written as the record is made, and is kept`, write)
}

function toKept(
  planned: PlannedValue,
  text: string,
  { value, values, reference }: Pick<PlannedValue['write'], 'value' | 'values' | 'reference'>,
): PlannedValue {
  const { name, type, origin } = planned
  return {
    ...planned,
    write: { name, type, value, values, reference },
    origin: { kind: 'KEPT', settingId: origin.settingId, text },
  }
}

const plainText = (raw: unknown) => (typeof raw === 'string' ? raw : JSON.stringify(raw))
