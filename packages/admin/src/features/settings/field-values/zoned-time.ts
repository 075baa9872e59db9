/** Moments as a person enters them, in the workspace's time zone, and as the API takes them. Pure. */

/** `2026-02-28T10:00:00+01:00` as an input shows it: `2026-02-28T10:00`; blank for text that is no moment. */
export function toLocalTime(moment: string, timeZone: string): string {
  const at = Date.parse(moment)
  return Number.isNaN(at) ? '' : new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 16)
}

/** What an input gives, as a moment; blank for nothing. */
export function fromLocalTime(local: string, timeZone: string): string {
  const wall = Date.parse(`${local}Z`)
  if (Number.isNaN(wall)) return ''
  // The offset is that of the moment itself, which is known only with it: near enough after one guess.
  const guess = wall - offsetAt(wall, timeZone)
  const offset = offsetAt(guess, timeZone)
  return `${new Date(wall).toISOString().slice(0, 19)}${offsetText(offset)}`
}

/** In milliseconds, east positive. */
function offsetAt(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(text) ?? []
  const size = (Number(hours) * 60 + Number(minutes)) * 60_000
  return sign === '-' ? -size : size
}

function offsetText(offset: number): string {
  const minutes = Math.abs(offset) / 60_000
  const two = (number: number) => String(Math.trunc(number)).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}
