/** Which session a person is asked about, by what the server says of them. Pure. */

interface Session {
  id: string
  name: string
  status: string
  /** By the server's clock, which need not be the browser's: only the length counts. */
  sessionEndsInSeconds?: number | null
}

export interface Prompt {
  id: string
  name: string
  /** Milliseconds since 1970, by the browser's clock. */
  askedAt: number
  endsAt: number
  /** What the server said last. */
  seconds: number
}

export interface Ended {
  id: string
  name: string
}

/** A question that stands stays, with the time that it had, until the server says otherwise. */
export function nextPrompt(
  before: Prompt | null,
  sessions: readonly Session[],
  now: number,
): { prompt: Prompt | null; ended: Ended | null } {
  const own = before && sessions.find(({ id }) => id === before.id)
  if (before && own?.sessionEndsInSeconds === before.seconds) return { prompt: before, ended: null }
  const asked = own?.sessionEndsInSeconds != null ? own : sessions.find((it) => it.sessionEndsInSeconds != null)
  const ended = before && own?.status === 'DISCONNECTED' ? { id: before.id, name: before.name } : null
  if (asked?.sessionEndsInSeconds == null) return { prompt: null, ended }
  const { id, name, sessionEndsInSeconds: seconds } = asked
  return { prompt: { id, name, askedAt: now, endsAt: now + seconds * 1_000, seconds }, ended }
}

export function secondsLeft({ endsAt }: Prompt, now: number): number {
  return Math.max(0, Math.ceil((endsAt - now) / 1_000))
}

/** 1:05 */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
