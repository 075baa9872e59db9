import { Button, Chip, Group, Input, NativeSelect } from '@mantine/core'
import { useQuery } from 'urql'
import { graphql } from '../../graphql/generated/index.ts'
import { DayInput } from '../../ui/day-input.tsx'
import { FilterBar } from '../../ui/filter-bar.tsx'
import type { PushCount } from './push-list.ts'
import { type PushSearch, statusesOf } from './push-search.ts'
import { allPushStatuses, pushStatuses } from './push-status.ts'

const PushFilters_Integrations = graphql(`
  query PushFilters_Integrations {
    integrations { id name }
  }
`)

interface PushFiltersProps {
  search: PushSearch
  counts: readonly PushCount[]
  onChange: (search: PushSearch) => void
}

/** Which pushes are wanted. What is chosen stands in the address. */
export function PushFilters({ search, counts, onChange }: PushFiltersProps) {
  const [{ data }] = useQuery({ query: PushFilters_Integrations })
  const chosen = statusesOf(search)
  const countOf = new Map(counts.map(({ status, count }) => [status, count]))
  const offered = allPushStatuses.filter((status) => chosen.includes(status) || (countOf.get(status) ?? 0) > 0)
  const { status: _status, ...others } = search

  /** An empty choice is none. */
  function change(name: 'integration' | 'since' | 'until', value: string) {
    const { [name]: _old, ...rest } = search
    onChange(value === '' ? rest : { ...rest, [name]: value })
  }

  return (
    <FilterBar>
      <Input.Wrapper label="Status" labelElement="div" id="push-status">
        <Chip.Group
          multiple
          value={chosen}
          onChange={(status) => onChange(status.length > 0 ? { ...others, status: status.join(',') } : others)}
        >
          <Group gap="xs" role="group" aria-labelledby="push-status-label">
            {offered.map((status) => (
              <Chip
                key={status}
                value={status}
                size="sm"
                // Unchecked it would have the page's own colour.
                styles={{ label: { borderColor: 'var(--mantine-color-default-border)' } }}
              >
                {pushStatuses[status].label} ({countOf.get(status) ?? 0})
              </Chip>
            ))}
            {offered.length === 0 && <span>No pushes</span>}
          </Group>
        </Chip.Group>
      </Input.Wrapper>
      <NativeSelect
        label="CRM"
        data={[
          { value: '', label: 'All' },
          ...(data?.integrations ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={search.integration ?? ''}
        onChange={(event) => change('integration', event.currentTarget.value)}
      />
      <DayInput label="From" value={search.since} onChange={(day) => change('since', day)} />
      <DayInput label="To" value={search.until} onChange={(day) => change('until', day)} />
      {Object.keys(search).length > 0 && (
        <Button variant="subtle" onClick={() => onChange({})}>
          {search.conversation ? 'Show all conversations and states' : 'Clear the filter'}
        </Button>
      )}
    </FilterBar>
  )
}
