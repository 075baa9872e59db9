import { databaseSentence } from './database/unusable.ts'
import { OperatorError } from './shared/operator-error.ts'

/** What a process says to whoever started it and why it ends: what to do or, where that is nothing of theirs, the whole of it. */
export function failureText(error: unknown): string {
  if (error instanceof OperatorError) return error.message
  return databaseSentence(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))
}
