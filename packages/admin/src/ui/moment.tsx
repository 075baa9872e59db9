import { useViewer } from './viewer.ts'

interface MomentProps {
  /** ISO 8601. */
  at: string
}

/** A time as the workspace's clock shows it; the zone stands in its title. */
export function Moment({ at }: MomentProps) {
  const { timeZone } = useViewer()
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone })
  return (
    <time dateTime={at} title={timeZone}>
      {format.format(new Date(at))}
    </time>
  )
}
