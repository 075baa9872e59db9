/** Results as JSON, on whichever way they are sent, and no longer than they may be. */
import type { ExecutionResult } from 'graphql'
import { overLimit, type Refusal } from './refusal.ts'

const texts = new WeakMap<ExecutionResult, string>()

/** The same result is rendered once, however many it is sent to. */
export function textOf(result: ExecutionResult): string {
  let text = texts.get(result)
  if (text === undefined) {
    text = JSON.stringify(result)
    texts.set(result, text)
  }
  return text
}

/** Why a result cannot be sent: it has more bytes than `most`; null where it has not. */
export function refuseLong(result: ExecutionResult, most: number): Refusal | null {
  const found = Buffer.byteLength(textOf(result))
  if (found <= most) return null
  const hit = { name: 'answerBytes', most, found } as const
  return overLimit(400, hit, `An answer may have at most ${most} bytes. Ask for less at a time.`)
}
