import { useViewer } from './viewer.ts'

const parts = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
} as const satisfies Intl.DateTimeFormatOptions

interface MomentProps {
  /** ISO 8601. */
  at: string
}

/** A time as the workspace's clock shows it, with its zone in short: admins of one workspace may sit in several. */
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
  return new Intl.DateTimeFormat(undefined, { ...parts, timeZone }).format(new Date(at))
}
