import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { DayInput } from '../../ui/day-input.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import { actionChoices } from './audit-actions.ts'
import { type AuditSearch, readAuditSearch } from './audit-search.ts'

interface AuditFiltersProps {
  search: AuditSearch
  onChange: (search: AuditSearch) => void
  /** What can be done with what they find. */
  children: ReactNode
}

/** Which entries are wanted. */
export function AuditFilters({ search, onChange, children }: AuditFiltersProps) {
  const [actor, setActor] = useState(search.actor ?? '')
  const change = (name: keyof AuditSearch, value: string) => onChange(readAuditSearch({ ...search, [name]: value }))
  const changeActor = useDebouncedCallback((value: string) => change('actor', value.trim()), 300)
  return (
    <FilterBar>
      <NativeSelect
        label="What"
        value={search.action ?? ''}
        onChange={(event) => change('action', event.currentTarget.value)}
        data={[{ value: '', label: 'Everything' }, ...actionChoices]}
      />
      <TextInput
        label="Who"
        placeholder="Anybody"
        value={actor}
        onChange={(event) => {
          setActor(event.currentTarget.value)
          changeActor(event.currentTarget.value)
        }}
      />
      <DayInput label="From" value={search.since} onChange={(day) => change('since', day)} />
      <DayInput label="To" value={search.until} onChange={(day) => change('until', day)} />
      {children}
    </FilterBar>
  )
}
