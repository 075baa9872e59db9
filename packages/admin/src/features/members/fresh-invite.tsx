import { Moment } from '../../ui/moment.tsx'
import { ShownOnce } from '../../ui/shown-once.tsx'
import type { MadeInvite } from './invite-form.tsx'

interface FreshInviteProps {
  made: MadeInvite
  onSent: () => void
}

/** The link of a new invite, which the owner hands on. */
export function FreshInvite({ made, onSent }: FreshInviteProps) {
  return (
    <ShownOnce what="the link" text={made.url} doneLabel="I have copied it" onDone={onSent}>
      Give this link to <strong>{made.email}</strong>: Backchannel sends no mail. It is shown this once, works once, and
      ends <Moment at={made.expiresAt} />.
    </ShownOnce>
  )
}
