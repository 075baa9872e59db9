import { ShownOnce } from '../../ui/shown-once.tsx'

/** A key that was just made: the only time that it is seen. */
export interface MadeKey {
  name: string
  key: string
}

interface FreshKeyProps {
  made: MadeKey
  onStored: () => void
}

/** A new key, for whoever stores it. */
export function FreshKey({ made, onStored }: FreshKeyProps) {
  return (
    <ShownOnce what="the key" text={made.key} doneLabel="I have stored it" onDone={onStored}>
      This is the key of <strong>{made.name}</strong>. It is shown this once and is not kept: whoever has lost it makes
      a new one.
    </ShownOnce>
  )
}
