/** Writes the backend fields of one record. Doing it again changes nothing that is right. */
import {
  type CallOptions,
  type CrmProvider,
  ProviderError,
  type RecordFieldValue,
  type RemoteReference,
} from '@backchannel/providers'
import type { PlannedValue } from '../plans/plan.ts'

/** How often a change that somebody else made between our reading and writing is met by reading again. */
const MOST_ROUNDS = 5

/**
 * Where the CRM names values that it refuses, the others are written all the same.
 *
 * @param fresh the values are planned from metadata that was read anew: to plan once more would change nothing
 * @throws ProviderError
 */
export async function writeRecord(
  provider: Pick<CrmProvider, 'findRecords' | 'updateRecord'>,
  reference: RemoteReference,
  values: readonly PlannedValue[],
  { fresh, ...options }: CallOptions & { fresh: boolean },
): Promise<void> {
  try {
    await writeAll(provider, reference, values, options)
  } catch (error) {
    const others = fresh || !isDoubtful(error) ? notNamedBy(error, values) : []
    if (others.length > 0) await writeRecord(provider, reference, others, { fresh, ...options })
    throw error
  }
}

const isDoubtful = (error: unknown) => error instanceof ProviderError && error.metadataDoubtful

/** The values that a refusal of others does not name; none where it was no such refusal. */
function notNamedBy(error: unknown, values: readonly PlannedValue[]): readonly PlannedValue[] {
  if (!(error instanceof ProviderError) || error.code !== 'CRM_REJECTED' || error.outcome !== 'NOT_APPLIED') return []
  const named = new Set(error.fields.map(({ name }) => name))
  const others = values.filter(({ name }) => !named.has(name))
  return others.length < values.length ? others : []
}

/**
 * A value that keeps what is there is written only where the record has none, and only if that is still so: that
 * takes one reading before the writing.
 *
 * @throws ProviderError
 */
async function writeAll(
  provider: Pick<CrmProvider, 'findRecords' | 'updateRecord'>,
  reference: RemoteReference,
  values: readonly PlannedValue[],
  options: CallOptions,
): Promise<void> {
  const replacing = values.filter((value) => !value.keepExisting)
  const keeping = values.filter((value) => value.keepExisting)
  for (let round = 1; ; round++) {
    const { empty, version } = await readEmpty(provider, reference, keeping, options)
    const written = [...replacing, ...empty].map((value) => value.write)
    if (written.length === 0) return
    const expectedVersion = empty.length === 0 ? null : version
    try {
      return await provider.updateRecord(reference, { values: written, expectedVersion }, options)
    } catch (error) {
      const changed = error instanceof ProviderError && error.code === 'CONFLICT' && empty.length > 0
      if (!changed || round === MOST_ROUNDS) throw error
    }
  }
}

async function readEmpty(
  provider: Pick<CrmProvider, 'findRecords'>,
  { entityName, remoteId }: RemoteReference,
  values: readonly PlannedValue[],
  options: CallOptions,
): Promise<{ empty: readonly PlannedValue[]; version: string | null }> {
  if (values.length === 0) return { empty: [], version: null }
  const fields = values.map((value) => value.name)
  const [record] = await provider.findRecords(entityName, [remoteId], { attributes: ['version'], fields }, options)
  if (!record) throw new ProviderError('CRM_RECORD_GONE', { message: 'The record is not in the CRM any more.' })
  return { empty: values.filter(({ name }) => isEmpty(record.fields[name])), version: record.version }
}

function isEmpty(field: RecordFieldValue | undefined): boolean {
  return field === undefined || (field.reference === null && (field.raw === null || field.raw === ''))
}
