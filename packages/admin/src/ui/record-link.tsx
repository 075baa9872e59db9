import { Anchor } from '@mantine/core'

interface RecordLinkProps {
  reference: { name?: string | null; entityName: string; url?: string | null }
}

/** A record of a CRM by its name, which opens it there. */
export function RecordLink({ reference: { name, entityName, url } }: RecordLinkProps) {
  const shown = name ?? entityName
  if (!url) return shown
  return (
    <Anchor href={url} target="_blank" rel="noreferrer" inherit>
      {shown}
    </Anchor>
  )
}
