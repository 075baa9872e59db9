import { type FieldError, ValidationError } from './errors.ts'

const LONGEST = 255

/** @throws ValidationError where a key is too long to be kept */
export function demandShortKey(key: string | null | undefined, path: FieldError['path']): void {
  if ((key?.length ?? 0) <= LONGEST) return
  throw new ValidationError([{ path, message: `An idempotency key has at most ${LONGEST} characters.` }])
}
