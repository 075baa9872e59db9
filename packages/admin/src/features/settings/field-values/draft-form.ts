import type { UseFormReturnType } from '@mantine/form'
import type { FieldDraft } from './field-draft.ts'

/** The form of an export or backend field. */
export type DraftForm = UseFormReturnType<FieldDraft>

/** What is wrong at an input, for components that take text. */
export function errorOf(form: DraftForm, input: string): string | undefined {
  const error = form.errors[input]
  return typeof error === 'string' ? error : undefined
}
