/** The relative dates of SOQL, as half-open ranges of days in UTC. Weeks begin on Sunday; the fiscal year is the calendar's. */

const dayMs = 86_400_000

type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR'

/** The first day of the unit that is `offset` units away from the one that `now` is in, in ms. */
function startOf(unit: Unit, now: number, offset: number): number {
  const date = new Date(now)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  switch (unit) {
    case 'DAY':
      return Date.UTC(year, month, date.getUTCDate() + offset)
    case 'WEEK':
      return Date.UTC(year, month, date.getUTCDate() - date.getUTCDay() + offset * 7)
    case 'MONTH':
      return Date.UTC(year, month + offset, 1)
    case 'QUARTER':
      return Date.UTC(year, month - (month % 3) + offset * 3, 1)
    case 'YEAR':
      return Date.UTC(year + offset, 0, 1)
  }
}

/** From the first instant inside to the first one behind it, in ms since 1970. */
export interface DateRange {
  from: number
  to: number
}

/** The range that a literal such as `TODAY`, `LAST_MONTH` or `LAST_N_DAYS:30` means now; null when there is no such literal. */
export function dateRange(literal: string, now: number): DateRange | null {
  const [name = '', count] = literal.toUpperCase().replace('FISCAL_', '').split(':')
  const between = (unit: Unit, first: number, behind: number) => ({
    from: startOf(unit, now, first),
    to: startOf(unit, now, behind),
  })
  if (count !== undefined) {
    const n = Number(count)
    const past = /^LAST_N_(DAY|WEEK|MONTH|QUARTER|YEAR)S$/.exec(name)
    // The running day counts as one of the last days; of longer units only the whole ones before this.
    if (past) return past[1] === 'DAY' ? between('DAY', -n, 1) : between(past[1] as Unit, -n, 0)
    const next = /^NEXT_N_(DAY|WEEK|MONTH|QUARTER|YEAR)S$/.exec(name)
    if (next) return between(next[1] as Unit, 1, n + 1)
    const ago = /^N_(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO$/.exec(name)
    return ago ? between(ago[1] as Unit, -n, 1 - n) : null
  }
  if (name === 'LAST_90_DAYS') return { from: startOf('DAY', now, -90), to: startOf('DAY', now, 1) }
  if (name === 'NEXT_90_DAYS') return { from: startOf('DAY', now, 1), to: startOf('DAY', now, 91) }
  const day = { YESTERDAY: -1, TODAY: 0, TOMORROW: 1 }[name]
  if (day !== undefined) return { from: startOf('DAY', now, day), to: startOf('DAY', now, day) + dayMs }
  const relative = /^(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR)$/.exec(name)
  if (!relative) return null
  const offset = relative[1] === 'LAST' ? -1 : relative[1] === 'NEXT' ? 1 : 0
  return between(relative[2] as Unit, offset, offset + 1)
}
