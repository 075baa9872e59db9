/** When a session that nothing renews is idle for too long (S-CON-07..09, A-41). Pure. */
import type { SalesforceOptions } from './settings.ts'

export interface IdlingSession {
  readonly workspaceId: string
  readonly integrationId: string
  /** When the CRM was last asked for anything, or somebody said to go on. */
  readonly lastUsedAt: Date
  /** Since when a person is asked whether to go on; null while nobody is. */
  readonly promptedAt: Date | null
}

/** ASK: tell people that it ends. END: nobody went on. */
export type IdleStep = { do: 'NOTHING' } | { do: 'ASK'; expiresAt: Date } | { do: 'END' }

type IdleOptions = Pick<SalesforceOptions, 'sessionIdleMinutes' | 'sessionGraceSeconds'>

/**
 * The grace time begins when somebody is asked, not when the idle time ended: a server that was down then asks first.
 *
 * @param now milliseconds since 1970
 */
export function nextIdleStep({ lastUsedAt, promptedAt }: IdlingSession, options: IdleOptions, now: number): IdleStep {
  const graceMs = options.sessionGraceSeconds * 1_000
  if (promptedAt !== null) return promptedAt.getTime() + graceMs <= now ? { do: 'END' } : { do: 'NOTHING' }
  const isIdle = lastUsedAt.getTime() + options.sessionIdleMinutes * 60_000 <= now
  return isIdle ? { do: 'ASK', expiresAt: new Date(now + graceMs) } : { do: 'NOTHING' }
}
