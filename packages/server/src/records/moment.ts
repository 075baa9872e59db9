/** When a form is asked for, and whose calendar counts. Pure. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly now: number
  /** IANA name of the workspace's time zone. */
  readonly timeZone: string
}

/** Today in the workspace, or now; written by ruling 21. */
export function currentDate({ now, timeZone }: Moment, type: 'DATE' | 'DATE_TIME'): string {
  if (type === 'DATE_TIME') return new Date(now).toISOString()
  const format = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const parts = new Map(format.formatToParts(now).map(({ type: part, value }) => [part, value]))
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`
}
