/**
 * The cursor of a list of results: sealed, for one workspace and for a while, so that it shows nothing and cannot be made
 * up. It names the rows that were shown, since ranking may move rows between one page and the next.
 */
import { createHash } from 'node:crypto'
import { type SecretBox, UnreadableSecretError } from '../secrets/secret-box.ts'
import type { SearchTerms } from './plan.ts'

export interface SearchCursor {
  readonly integrationId: string
  readonly entityTypeId: string
  readonly conversationId: string | null
  /** Only what found the rows: identifiers that are tried after it, or before, would find others. */
  readonly terms: SearchTerms
  readonly fieldValues: readonly { readonly fieldId: string; readonly values: readonly string[] }[]
  /** Marks of the rows that were shown. */
  readonly shown: readonly string[]
}

export interface CursorBox {
  seal(workspaceId: string, cursor: SearchCursor): string
  /** Null for what is no cursor of this workspace, or an old one. */
  open(workspaceId: string, sealed: string): SearchCursor | null
}

const VALID_MS = 60 * 60 * 1_000
const MARK_LENGTH = 8

/** Tells one row of a list from the others. */
export function markOf(remoteId: string): string {
  return createHash('sha256').update(remoteId).digest('base64url').slice(0, MARK_LENGTH)
}

/** @param now milliseconds since 1970 */
export function createCursorBox(secrets: SecretBox, now: () => number): CursorBox {
  const identity = (workspaceId: string) => `SearchCursor:${workspaceId}`
  return {
    seal(workspaceId, { shown, ...cursor }) {
      const content = { ...cursor, shown: shown.join(''), until: now() + VALID_MS }
      return secrets.seal(identity(workspaceId), JSON.stringify(content))
    },
    open(workspaceId, sealed) {
      try {
        const { shown, until, ...cursor } = JSON.parse(secrets.open(identity(workspaceId), sealed))
        if (until < now()) return null
        return { ...cursor, shown: shown.match(new RegExp(`.{${MARK_LENGTH}}`, 'g')) ?? [] }
      } catch (error) {
        if (error instanceof UnreadableSecretError) return null
        throw error
      }
    },
  }
}
