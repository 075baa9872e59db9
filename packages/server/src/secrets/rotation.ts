/** Seals anew, under the newest key, all that an older one has sealed. The server may run meanwhile. */
import { inBatches } from '../upkeep/job.ts'
import type { RotationStore } from './rotation-store.ts'
import { type SealedColumn, sealedColumns } from './sealed-columns.ts'
import { type SecretBox, UnreadableSecretError } from './secret-box.ts'

/** How many texts are sealed under one lock of the database: others wait for it for a few milliseconds. */
const TEXTS_AT_ONCE = 100
/** What the server writes meanwhile with the newest key needs none of this; what it changes meanwhile is looked at again. */
const MOST_ROUNDS = 3

export interface RotationReport {
  /** How many texts were sealed anew. */
  readonly rotated: number
  /** How many of them belong to each workspace, by its id. */
  readonly byWorkspace: ReadonlyMap<string, number>
  /** How many texts are not sealed under the newest key: none where the rotation is done. */
  readonly left: number
  /** Those of them that no key opens, each in a sentence. */
  readonly unreadable: readonly string[]
}

export interface RotationOptions {
  /** Ends the rotation early, between two batches; it goes on where it stopped when it is run again. */
  readonly signal: AbortSignal
  /** Told after each batch. */
  readonly onProgress?: (column: SealedColumn, rotated: number) => void
}

export async function rotate(
  store: RotationStore,
  secrets: SecretBox,
  { signal, onProgress }: RotationOptions,
): Promise<RotationReport> {
  const { newestPrefix } = secrets
  const unreadable = new Set<string>()
  const byWorkspace = new Map<string, number>()
  let rotated = 0

  async function rotateColumn(column: SealedColumn): Promise<void> {
    let after = ''
    let ofColumn = 0
    await inBatches(signal, async () => {
      const texts = await store.findOthers(column, newestPrefix, after, TEXTS_AT_ONCE)
      const changes = texts.flatMap(({ key, text, workspaceId }) => {
        try {
          const identity = column.identity(key)
          return [{ key, workspaceId, before: text, text: secrets.seal(identity, secrets.open(identity, text)) }]
        } catch (error) {
          if (!(error instanceof UnreadableSecretError)) throw error
          unreadable.add(error.message)
          return []
        }
      })
      const changed = changes.length > 0 ? await store.replace(column, changes) : []
      ofColumn += changed.length
      for (const { workspaceId } of changed) {
        if (workspaceId !== null) byWorkspace.set(workspaceId, (byWorkspace.get(workspaceId) ?? 0) + 1)
      }
      after = texts.at(-1)?.key ?? after
      if (texts.length > 0) onProgress?.(column, ofColumn)
      return texts.length
    })
    rotated += ofColumn
  }

  async function countLeft(): Promise<number> {
    let left = 0
    for (const column of sealedColumns) left += await store.countOthers(column, newestPrefix)
    return left
  }

  let left = await countLeft()
  for (let round = 1; round <= MOST_ROUNDS && left > unreadable.size && !signal.aborted; round++) {
    for (const column of sealedColumns) await rotateColumn(column)
    left = await countLeft()
  }
  return { rotated, byWorkspace, left, unreadable: [...unreadable] }
}
