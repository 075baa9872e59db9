/** Tokens of reserved streams: an instance tells whether one is good, and whose it is, without having issued it. */
import { randomUUID, timingSafeEqual } from 'node:crypto'
import type { SecretBox } from '../secrets/secret-box.ts'

export interface StreamTokens {
  /** @param owner who alone may use it */
  issue(owner: string): string
  isOf(token: string, owner: string): boolean
  /** How long it can still be opened, in milliseconds; 0: no more. */
  timeLeft(token: string): number
}

/** How long a reserved stream waits to be opened, in milliseconds. */
export const RESERVED_MS = 30_000

export function createStreamTokens(secrets: Pick<SecretBox, 'hash'>): StreamTokens {
  const mark = (id: string, until: string, owner: string) =>
    secrets.hash('event-stream', JSON.stringify([id, until, owner]))

  return {
    issue(owner) {
      const [id, until] = [randomUUID(), String(Date.now() + RESERVED_MS)]
      return [id, until, mark(id, until, owner)].join('.')
    },
    isOf(token, owner) {
      const [id = '', until = '', given = ''] = token.split('.', 3)
      const [wanted, found] = [Buffer.from(mark(id, until, owner)), Buffer.from(given)]
      return wanted.length === found.length && timingSafeEqual(wanted, found)
    },
    timeLeft: (token) => Math.max(0, Number(token.split('.', 2)[1]) - Date.now()),
  }
}
