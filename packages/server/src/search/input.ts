/** What callers say of a search, checked before anything is asked. Pure. */
import type { EntityKind } from '@backchannel/providers'
import type { ConversationFacts } from '../conversations/conversation.ts'
import type { FieldValueInput } from '../records/read-form.ts'
import { splitName } from '../records/visitor-values.ts'
import type { FieldError } from '../shared/errors.ts'
import type { SearchTerms } from './plan.ts'

export interface SearchRecordsInput extends SearchTerms {
  /** Phone, e-mail and name come from its visitor. */
  conversationId?: string | null | undefined
  /** What was typed into boxes of the search form. */
  fieldValues?: readonly FieldValueInput[] | null | undefined
  integrationIds?: readonly string[] | null | undefined
  entityTypeIds?: readonly string[] | null | undefined
  kinds?: readonly EntityKind[] | null | undefined
  /** How many hits per entity type. */
  first: number
}

/** How many rows of one entity type one answer holds, at most. */
const maxHits = 200
const maxTextLength = 500

export function faultsOf(input: SearchRecordsInput): FieldError[] {
  const faults: FieldError[] = []
  const texts = ['phone', 'email', 'fullName', 'term'] as const
  for (const name of texts) {
    if ((input[name]?.length ?? 0) > maxTextLength) {
      faults.push({ path: ['input', name], message: `Search for ${maxTextLength} characters at most.` })
    }
  }
  if (input.term && texts.some((name) => name !== 'term' && input[name])) {
    faults.push({ path: ['input', 'term'], message: 'Give either a term or phone, e-mail and name, not both.' })
  }
  return [...faults, ...faultsOfFirst(input.first, ['input', 'first'])]
}

export function faultsOfFirst(first: number, path: readonly string[]): FieldError[] {
  if (first >= 1 && first <= maxHits) return []
  return [{ path, message: `Ask for 1 to ${maxHits} records of each entity type.` }]
}

/** What the caller types stands before what the visitor said. */
export function termsOf(input: SearchTerms, facts: ConversationFacts | null): SearchTerms {
  const visitor = facts?.visitor
  return {
    term: input.term,
    phone: input.phone ?? visitor?.phone,
    email: input.email ?? visitor?.email,
    fullName: input.fullName ?? (visitor && splitName(visitor).fullName),
  }
}
