/** What a vendor is asked in one round of a search: neutral criteria, already normalised. */
import type { SearchIdentifier, SearchRequest, SearchTarget } from '../model/index.ts'
import {
  createPhoneMatcher,
  type PhoneMatch,
  type PhoneNumber,
  parsePhone,
  phonePatterns,
  phoneSpellings,
} from '../phone/index.ts'
import { cleanText, foldText } from './folded-text.ts'

/** One identifier as the CRM is asked for it. Any criterion may hit (OR). */
export type SearchCriterion =
  /** A phone field is one of these texts. */
  | { kind: 'PHONE_SPELLINGS'; spellings: readonly string[] }
  /** A phone field holds these parts in this order, with anything between: `%5%1%2%`. Parts are digits only. */
  | { kind: 'PHONE_PATTERNS'; patterns: readonly (readonly string[])[] }
  /** An e-mail field is this, ignoring case. */
  | { kind: 'EMAIL'; value: string }
  /** The name is this, ignoring case. */
  | { kind: 'FULL_NAME'; value: string }
  /** Account: its number is this. Targets without such a field leave it out. */
  | { kind: 'ACCOUNT_ID'; value: string }
  /**
   * Name or e-mail contains this text, to be escaped as text; phone fields hold these parts in order, where given; the
   * target's term fields pass `termTests`.
   */
  | { kind: 'TERM'; value: string; phonePattern: readonly string[] | null }
  /** Nothing besides: the values that each target demands are the search. */
  | { kind: 'VALUES' }

/** EXACT: first. BROAD: nothing was hit, patterns may find more. NARROW: a full page may have hidden better hits. */
type SearchRound = 'EXACT' | 'BROAD' | 'NARROW'

/** To be answered by ONE HTTP request. The filters and values of a target hold whichever criterion hits. */
export interface SearchQuestion {
  round: SearchRound
  targets: readonly SearchTarget[]
  criteria: readonly SearchCriterion[]
  /** Rows wanted per target, at most. */
  limit: number
}

/** A known identifier, with what is compared in code. */
export interface KnownIdentifier {
  identifier: SearchIdentifier
  exact: SearchCriterion
  /** What finds more than `exact`, where anything does. */
  broad: SearchCriterion | null
  matchPhone: ((stored: string) => PhoneMatch) | null
  /** As compared: see `foldText`. */
  folded: string
  /** TERM that is written like a part of a number: its digits. Null for everything else. */
  termDigits: string | null
}

/** The identifiers that can be asked for, in the admin's order: what normalises to nothing is left out (D-ORD-06). */
export function knownIdentifiers(request: SearchRequest): KnownIdentifier[] {
  if (request.by.length === 0) return demandsValues(request.targets) ? [byValues] : []
  return request.by.flatMap(({ identifier, value }) => {
    if (!request.targets.some((target) => looksFor(target, identifier))) return []
    const known = toKnown(identifier, cleanText(value), request.region)
    return known === null ? [] : [known]
  })
}

/** What an agent asked of single fields, without a term. */
const byValues: KnownIdentifier = {
  identifier: 'TERM',
  exact: { kind: 'VALUES' },
  broad: null,
  matchPhone: null,
  folded: '',
  termDigits: null,
}

function demandsValues(targets: readonly SearchTarget[]): boolean {
  return targets.some(({ values = [] }) => values.length > 0)
}

/** The targets that can be asked: for an identifier that they look for, or for values of their own where none is known. */
export function askedTargets({ by, targets }: SearchRequest): readonly SearchTarget[] {
  if (by.length === 0) return targets.filter((target) => demandsValues([target]))
  return targets.filter((target) => by.some(({ identifier }) => looksFor(target, identifier)))
}

function looksFor({ identifierFields }: SearchTarget, identifier: SearchIdentifier): boolean {
  return identifierFields === undefined || (identifierFields[identifier] ?? []).length > 0
}

function toKnown(identifier: SearchIdentifier, value: string, region: string): KnownIdentifier | null {
  const folded = foldText(value)
  if (!/[\p{L}\p{N}]/u.test(folded)) return null
  switch (identifier) {
    case 'PHONE': {
      const criteria = phoneCriteria(value, region)
      return criteria && { identifier, ...criteria, folded, termDigits: null }
    }
    case 'EMAIL':
      if (!/^[^\s@]+@[^\s@]+$/.test(value)) return null
      return { identifier, exact: { kind: 'EMAIL', value }, broad: null, matchPhone: null, folded, termDigits: null }
    case 'FULL_NAME':
    case 'ACCOUNT_ID':
      return { identifier, exact: { kind: identifier, value }, broad: null, matchPhone: null, folded, termDigits: null }
    case 'TERM': {
      const phone = parsePhone(value, region)
      const phonePattern = termPattern(value, phone)
      return {
        identifier,
        exact: { kind: 'TERM', value, phonePattern },
        broad: null,
        matchPhone: phone && createPhoneMatcher(phone, region),
        folded,
        termDigits: phonePattern?.join('') ?? null,
      }
    }
  }
}

/** Fewer digits stand in this order, with others between them, in too many numbers. */
const fewestScatteredDigits = 6

type PhoneCriteria = Pick<KnownIdentifier, 'exact' | 'broad' | 'matchPhone'>

/**
 * Reading a number and spelling it out is the dearest part of a search in our own code, and the same visitor is looked
 * for again and again: what was worked out last is kept.
 */
const lastPhones = new Map<string, PhoneCriteria | null>()
const maxLastPhones = 500

function phoneCriteria(value: string, region: string): PhoneCriteria | null {
  const key = `${region} ${value}`
  const known = lastPhones.get(key)
  if (known !== undefined) return known
  const phone = parsePhone(value, region)
  const criteria: PhoneCriteria | null = phone && {
    exact: { kind: 'PHONE_SPELLINGS', spellings: phoneSpellings(phone) },
    broad: { kind: 'PHONE_PATTERNS', patterns: phonePatterns(phone) },
    matchPhone: createPhoneMatcher(phone, region),
  }
  const [oldest] = lastPhones.keys()
  if (lastPhones.size >= maxLastPhones && oldest !== undefined) lastPhones.delete(oldest)
  lastPhones.set(key, criteria)
  return criteria
}

/** A term is looked for in phone fields when it is written like a part of a number and has digits enough to tell. */
function termPattern(value: string, phone: PhoneNumber | null): readonly string[] | null {
  if (!/^[\d\s().+/-]+$/.test(value)) return null
  const [pattern] = phone === null ? [] : phonePatterns(phone)
  if (pattern !== undefined) return pattern
  const digits = value.match(/\d/g) ?? []
  if (digits.length < 3) return null
  return digits.length < fewestScatteredDigits ? value.match(/\d+/g) : digits
}
