/** What we know of an activity in a CRM, and how its row keeps that. Pure. */
import type { PushActivity } from '../generated/prisma/client.ts'

/** Of one part of a push. */
export interface KnownActivity {
  /** Null until the CRM has confirmed it. */
  remoteId: string | null
  url: string | null
  closed: boolean
  /** Of the text that is ours alone, as the CRM was last known to hold it. */
  textHash: string | null
  /** A person wrote into it. */
  shared: boolean
  /**
   * Of what the attempts since then meant to write, as far as their outcome is not known: each of them may have landed, or
   * may land yet, whichever was the last.
   */
  intendedHashes: readonly string[]
  /** When the last of them began; null where none is open. */
  attemptedAt: Date | null
}

type Columns = Pick<
  PushActivity,
  'remoteId' | 'url' | 'closed' | 'textHash' | 'shared' | 'intendedHashes' | 'attemptedAt'
>

export function knownOf(row: Columns): KnownActivity {
  const { remoteId, url, closed, textHash, shared, intendedHashes, attemptedAt } = row
  return { remoteId, url, closed, textHash, shared, intendedHashes: intendedHashes?.split(' ') ?? [], attemptedAt }
}

export function columnsOf({ intendedHashes, ...known }: KnownActivity): Columns {
  return { ...known, intendedHashes: intendedHashes.length > 0 ? intendedHashes.join(' ') : null }
}
