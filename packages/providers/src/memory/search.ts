/** How the in-memory org answers a search question: as both CRMs do, without case, patterns as parts in order. */

import type { CandidateRow, FieldText, SearchCriterion } from '../search/index.ts'
import { foldText } from '../search/question.ts'

type Texts = Omit<CandidateRow, 'record'>

export function isHit(row: Texts, criterion: SearchCriterion): boolean {
  switch (criterion.kind) {
    case 'PHONE_SPELLINGS':
      return row.phones.some(({ value }) => criterion.spellings.includes(value))
    case 'PHONE_PATTERNS':
      return criterion.patterns.some((parts) => holdsParts(row.phones, parts))
    case 'EMAIL':
      return isOneOf(row.emails, criterion.value)
    case 'FULL_NAME':
      return isOneOf(row.names, criterion.value)
    case 'ACCOUNT_ID':
      return isOneOf(row.accountIds, criterion.value)
    case 'TERM': {
      const term = foldText(criterion.value)
      const named = [...row.names, ...row.emails].some(({ value }) => foldText(value).includes(term))
      return named || (criterion.phonePattern !== null && holdsParts(row.phones, criterion.phonePattern))
    }
  }
}

function isOneOf(texts: readonly FieldText[], value: string): boolean {
  return texts.some((text) => foldText(text.value) === foldText(value))
}

function holdsParts(texts: readonly FieldText[], parts: readonly string[]): boolean {
  return texts.some(({ value }) => {
    let from = 0
    return parts.every((part) => {
      const at = value.indexOf(part, from)
      from = at + part.length
      return at >= 0
    })
  })
}
