import type { Scope } from '../../graphql/generated/graphql.ts'

interface ScopeWords {
  scope: Scope
  label: string
  /** Whom it is for, and what it opens. */
  may: string
  /** What does not work any more when a key of it is revoked. */
  stops: string
}

/** What a key may do, in words; the narrowest that does is the best. */
export const scopes: readonly ScopeWords[] = [
  {
    scope: 'SERVICE',
    label: 'Backend',
    may: 'For the backend of your chat product: keeps conversations, issues tokens for agents, and does what agents do.',
    stops: 'Conversations do not come in any more, and agents whose tokens it issued are locked out at once.',
  },
  {
    scope: 'AGENT',
    label: 'Agent',
    may: 'For what an agent does and no more: searches, opens, creates and tags records.',
    stops: 'Nobody can search, create or tag with it any more.',
  },
  {
    scope: 'ADMIN',
    label: 'Admin',
    may: 'For scripts of your own: everything, with connecting CRMs, changing settings and making keys.',
    stops: 'Scripts that change settings with it stop to work, and so do tokens that it issued.',
  },
]

export function wordsOf(scope: Scope): ScopeWords {
  const words = scopes.find((it) => it.scope === scope)
  if (words === undefined) throw new Error(`There are no words for the scope ${scope}`)
  return words
}
