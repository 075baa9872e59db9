/** The audit log as an owner reads it. */
import type { SignedIn } from './signing-in.ts'

export interface Entry {
  id: string
  at: string
  actor: string
  action: string
  subject: string | null
  subjectId: string | null
  address: string | null
}

export interface Entries {
  entries: Entry[]
  hasNextPage: boolean
  endCursor: string | null
}

export const AUDIT = `query ($first: Int, $after: String, $action: String, $actor: String, $from: DateTime, $until: DateTime) {
  auditEntries(first: $first, after: $after, action: $action, actor: $actor, from: $from, until: $until) {
    edges { node { id at actor action subject subjectId address } }
    pageInfo { hasNextPage endCursor }
  }
}`

export async function readAudit(owner: SignedIn, asked: Record<string, unknown> = {}): Promise<Entries> {
  const { auditEntries } = await owner.execute(AUDIT, asked)
  const { edges, pageInfo } = auditEntries
  return { entries: edges.map(({ node }: { node: Entry }) => node), ...pageInfo }
}

/** What was noted while `work` ran, the oldest first: who did what, to what. */
export async function notedBy(owner: SignedIn, work: () => Promise<unknown>): Promise<Entry[]> {
  const { entries: before } = await readAudit(owner, { first: 100 })
  const known = new Set(before.map(({ id }) => id))
  await work()
  const { entries: after } = await readAudit(owner, { first: 100 })
  return after.filter(({ id }) => !known.has(id)).reverse()
}
