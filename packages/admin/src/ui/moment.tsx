import { useViewer } from './viewer.ts'

interface MomentProps {
  /** ISO 8601. */
  at: string
}

/** A time as the workspace's clock shows it; the zone stands in its title. */
export function Moment({ at }: MomentProps) {
  const { timeZone } = useViewer()
  return (
    <time dateTime={at} title={timeZone}>
      {momentText(at, timeZone)}
    </time>
  )
}

/** The same for a sentence. */
export function momentText(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(new Date(at))
}
