export type { CandidateRow, FieldText, TargetCandidates } from './candidates.ts'
export type { SearchCriterion, SearchQuestion } from './question.ts'
export { runSearch } from './run.ts'
export { shareSearches } from './shared.ts'
