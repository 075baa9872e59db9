/** What a vendor answers: rows with the raw texts that decide whether they match. */
import type { CrmRecord } from '../model/index.ts'
import type { TermHit } from './field-tests.ts'

/** One searched field of a row, by the CRM's own name, as stored. */
export interface FieldText {
  field: string
  value: string
}

export interface CandidateRow {
  record: CrmRecord
  phones: readonly FieldText[]
  emails: readonly FieldText[]
  names: readonly FieldText[]
  accountIds: readonly FieldText[]
  /** Fields of the target's own that hold the term; absent where none were asked. */
  terms?: readonly TermHit[]
}

export interface TargetCandidates {
  entityName: string
  /** In a stable order of the CRM's. */
  rows: readonly CandidateRow[]
  /** The CRM has more rows than it gave: the page was full. */
  full: boolean
}
