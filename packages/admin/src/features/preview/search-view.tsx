import { Stack, Tabs, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { SearchView_PreviewQuery } from '../../graphql/generated/graphql.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { faultOfRefusal } from './fault.ts'
import { toFieldValues } from './form-values.ts'
import { HitCard } from './hit-card.tsx'
import { NotConnected } from './not-connected.tsx'
import { FaultNote, PreviewAnswer } from './preview-answer.tsx'
import { usePreviewState } from './preview-context.ts'
import classes from './preview-panel.module.css'
import { asInForm, type SearchEntries, SearchForm } from './search-form.tsx'
import { usePreview } from './use-preview.ts'

const SearchView_Preview = graphql(`
  query SearchView_Preview($input: PreviewInput!, $search: SearchRecordsInput!) {
    preview(input: $input) {
      panel {
        integrations {
          label
          searchForm { ...SearchForm_Form }
          tabs { label columns { name } entityType { id } }
        }
      }
      searchRecords(input: $search) {
        __typename
        ... on SearchRecordsSuccess {
          hits { ...HitCard_Hit record { id name entityType { id } } }
          integrations { notes failure { code message } }
        }
        ... on Error { message }
        ... on ValidationError { fields { message } }
      }
    }
  }
`)

type Found = SearchView_PreviewQuery['preview']
type Panel = Found['panel']['integrations'][number]

/** The search form as an agent opens it, and what it finds. */
export function SearchView() {
  const { input, suggest } = usePreviewState()
  const [entries, setEntries] = useState<SearchEntries>(asInForm)
  const { fields, entered, ...identifiers } = entries
  const fieldValues = toFieldValues(fields, entered)
  const preview = usePreview(SearchView_Preview, {
    input,
    search: { ...identifiers, ...(fieldValues.length > 0 && { fieldValues }), first: 25 },
  })

  const result = preview.data?.preview.searchRecords
  const first = result?.__typename === 'SearchRecordsSuccess' ? result.hits[0]?.record : undefined
  const { id, name } = first ?? {}
  useEffect(() => suggest(id && name ? { id, name } : null), [suggest, id, name])

  return (
    <PreviewAnswer preview={preview}>
      {({ preview: { panel, searchRecords } }) => {
        const [crm] = panel.integrations
        if (!crm) return <NotConnected />
        return (
          <Stack gap="sm">
            <Text size="sm">
              Button in the agent&apos;s panel: <strong>{crm.label}</strong>
            </Text>
            <SearchForm form={crm.searchForm} entries={entries} onChange={setEntries} />
            <Results panel={crm} found={searchRecords} />
          </Stack>
        )
      }}
    </PreviewAnswer>
  )
}

function Results({ panel, found }: { panel: Panel; found: Found['searchRecords'] }) {
  const [open, setOpen] = useState<string | null>(null)
  if (found.__typename !== 'SearchRecordsSuccess') return <FaultNote fault={faultOfRefusal(found)} />
  const hits = found.hits.map((hit) => ({ ...hit, of: hit.record.entityType.id }))
  const shown =
    panel.tabs.find(({ entityType }) => entityType.id === open) ??
    panel.tabs.find(({ entityType }) => hits.some(({ of }) => of === entityType.id)) ??
    panel.tabs[0]
  const problems = found.integrations.flatMap(({ failure, notes }) => [...(failure ? [failure.message] : []), ...notes])

  return (
    <Stack gap="xs">
      {problems.map((problem) => (
        <FaultNote key={problem} fault={{ unfinished: false, messages: [problem] }} />
      ))}
      <Tabs value={shown?.entityType.id ?? null} onChange={setOpen} variant="pills" keepMounted={false}>
        <Tabs.List aria-label="Entity types">
          {panel.tabs.map(({ entityType, label }) => (
            <Tabs.Tab key={entityType.id} value={entityType.id} size="xs">
              {label} {hits.filter(({ of }) => of === entityType.id).length}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {panel.tabs.map(({ entityType, label, columns }) => {
          const ofType = hits.filter(({ of }) => of === entityType.id)
          return (
            <Tabs.Panel key={entityType.id} value={entityType.id} pt="xs">
              {columns.length === 0 && <Text size="sm">Agents may not search {label}.</Text>}
              {columns.length > 0 && ofType.length === 0 && (
                <Text size="sm" c="dimmed">
                  Nobody is found among {label}. Change the visitor to try with somebody else.
                </Text>
              )}
              <ul className={classes['list']}>
                {ofType.map((hit) => (
                  <HitCard key={hit.record.id} hit={hit} />
                ))}
              </ul>
            </Tabs.Panel>
          )
        })}
      </Tabs>
    </Stack>
  )
}
