const steps = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** How long it is from now: "in 5 minutes". What is due, or is within a minute, is not counted out. */
export function inWords(ms: number): string {
  const [unit, length] = steps.find(([, it]) => ms >= it) ?? []
  if (unit === undefined || length === undefined) return 'within a minute'
  return new Intl.RelativeTimeFormat(undefined, { numeric: 'always' }).format(Math.round(ms / length), unit)
}
