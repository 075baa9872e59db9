import { Select } from '@mantine/core'
import type { MatchIdentifier } from '../../../graphql/generated/graphql.ts'
import { identifiers } from './common-values.ts'

/** The full name is not among them: a name is no proof of who somebody is. */
export const matchIdentifiers = ['PHONE', 'EMAIL', 'ACCOUNT_ID'] as const satisfies readonly MatchIdentifier[]

interface MatchIdentifierSelectProps {
  label: string
  value: MatchIdentifier
  onChange: (identifier: MatchIdentifier) => void
}

/** What of a visitor is compared. */
export function MatchIdentifierSelect({ label, value, onChange }: MatchIdentifierSelectProps) {
  return (
    <Select
      label={label}
      allowDeselect={false}
      data={matchIdentifiers.map((it) => ({ value: it, label: identifiers[it] }))}
      value={value}
      onChange={(chosen) => {
        const identifier = matchIdentifiers.find((it) => it === chosen)
        if (identifier) onChange(identifier)
      }}
    />
  )
}
