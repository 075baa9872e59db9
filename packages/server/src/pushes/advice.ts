/** What a person is to do about a push that failed, behind the words that it failed by. Pure. */
import type { PushStatus } from '../generated/prisma/client.ts'

/** By what a push fails for good. One that was given up after days of trying says so itself. */
const toDo: Readonly<Record<string, string>> = {
  CRM_FORBIDDEN: 'Retry this push when that is done.',
  CRM_REJECTED: 'Put right what is refused, in the CRM or in the settings, and retry this push.',
  CRM_RECORD_GONE: 'Tag the conversation to another record, and discard this push.',
  NOT_FOUND: 'Check in the settings where conversations are saved, and retry this push.',
  DUPLICATE: 'Have the duplicate rules of the CRM let it through, and retry this push.',
}

const notKept = 'What the CRM said is not kept any more.'

/**
 * A failure in words, and what to do about it. What heals by itself asks for nothing, and a sentence that is given word
 * for word stays alone.
 *
 * @param message null where retention has removed the words, or an earlier release kept none
 */
export function withAdvice(
  message: string | null,
  { status, errorCode }: { status: PushStatus; errorCode: string },
): string {
  if (message === null) return status === 'FAILED' ? `${notKept} Retry this push to hear it again.` : notKept
  const advice = adviceFor(status, errorCode)
  if (advice === null) return message
  return `${/[.!?]$/.test(message) ? message : `${message}.`} ${advice}`
}

function adviceFor(status: PushStatus, errorCode: string): string | null {
  if (status === 'FAILED') return toDo[errorCode] ?? null
  if (status === 'PARTIAL' && errorCode !== 'CRM_NOT_CLOSABLE') {
    return 'The text is in the CRM. When that is put right, retry this push to have the rest done.'
  }
  return null
}
