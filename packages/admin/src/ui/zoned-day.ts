/** Days of the calendar in a time zone, for inputs of the type "date". Pure. */

/** When a day such as "2026-03-29" begins in a zone; ISO 8601. */
export function startOfDay(day: string, timeZone: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  // Where the clock is changed on that night, one of the two offsets leads to the day before.
  const moments = [midnight + DAY, midnight - DAY].map((near) => midnight - offsetAt(near, timeZone))
  const first = moments.sort((a, b) => a - b).find((moment) => dayAt(new Date(moment), timeZone) === day)
  return new Date(first ?? midnight).toISOString()
}

/** When the day after begins. */
export function endOfDay(day: string, timeZone: string): string {
  return startOfDay(new Date(Date.parse(`${day}T00:00:00Z`) + DAY).toISOString().slice(0, 10), timeZone)
}

/** The day that it is in a zone, such as "2026-03-29". */
export function dayAt(moment: Date, timeZone: string): string {
  const { year, month, day } = partsAt(moment, timeZone)
  return `${year}-${month}-${day}`
}

/** Whether it is a day as an input gives it. */
export function isDay(text: unknown): text is string {
  return typeof text === 'string' && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
}

const DAY = 86_400_000

/** By how many milliseconds the zone's clock is ahead of UTC. */
function offsetAt(moment: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = partsAt(new Date(moment), timeZone)
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(moment / 1000) * 1000
}

function partsAt(moment: Date, timeZone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  })
  return Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]))
}
