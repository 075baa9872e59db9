/** Writes the backend fields of one record. Doing it again changes nothing that is right. */
import { type CallOptions, type CrmProvider, ProviderError, type RemoteReference } from '@backchannel/providers'
import type { PlannedValue } from '../plans/plan.ts'
import { readExisting } from './existing-values.ts'

/** How often a change that somebody else made between our reading and writing is met by reading again. */
const MOST_ROUNDS = 5

interface WriteOptions extends CallOptions {
  /** The values are planned from metadata that was read anew: to plan once more would change nothing. */
  fresh: boolean
  /** Told of what is in the record now, and of what gave way to what it held. */
  onWritten(written: readonly PlannedValue[], kept: readonly PlannedValue[]): void
}

/**
 * Where the CRM names values that it refuses, the others are written all the same.
 *
 * @throws ProviderError
 */
export async function writeRecord(
  provider: Pick<CrmProvider, 'findRecords' | 'updateRecord'>,
  reference: RemoteReference,
  values: readonly PlannedValue[],
  options: WriteOptions,
): Promise<void> {
  try {
    await writeAll(provider, reference, values, options)
  } catch (error) {
    const others = options.fresh || !isDoubtful(error) ? notNamedBy(error, values) : []
    if (others.length > 0) await writeRecord(provider, reference, others, options)
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
  { fresh: _, onWritten, ...options }: WriteOptions,
): Promise<void> {
  for (let round = 1; ; round++) {
    const { held, version } = await readExisting(provider, reference, values, options)
    const kept = values.filter(({ name, keepExisting }) => keepExisting && held.has(name))
    const written = values.filter((value) => !kept.includes(value))
    const fillsEmpty = written.some(({ keepExisting }) => keepExisting)
    const change = { values: written.map(({ write }) => write), expectedVersion: fillsEmpty ? version : null }
    try {
      if (written.length > 0) await provider.updateRecord(reference, change, options)
      onWritten(written, kept)
      return
    } catch (error) {
      const changed = error instanceof ProviderError && error.code === 'CONFLICT' && fillsEmpty
      if (!changed || round === MOST_ROUNDS) throw error
    }
  }
}
