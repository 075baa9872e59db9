/** What checks find in a draft. */
import type { FieldError } from '../../shared/errors.ts'
import type { Subject } from '../edit/edit.ts'

export interface SettingFault extends FieldError {
  readonly subject: Subject
}

/** Collects faults of one subject. */
export type Fault = (path: readonly string[], message: string) => void

export function faultsOf(subject: Subject, find: (fault: Fault) => void): SettingFault[] {
  const faults: SettingFault[] = []
  find((path, message) => faults.push({ subject, path, message }))
  return faults
}
