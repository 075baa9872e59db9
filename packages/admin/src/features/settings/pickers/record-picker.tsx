import { Combobox, Loader, Text, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useEffectEvent, useState } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../../graphql/client.ts'
import { graphql } from '../../../graphql/generated/index.ts'
import classes from './name-picker.module.css'
import { SEARCH_DELAY, useMetadata } from './use-metadata.ts'

const RecordPicker_Search = graphql(`
  query RecordPicker_Search($integrationId: ID!, $entityName: String!, $search: String!) {
    integration(id: $integrationId) {
      id
      metadata {
        entityType(name: $entityName) {
          name
          records(search: $search) {
            __typename
            ... on EntityRecords { records { remoteId name } }
            ... on Error { message }
          }
        }
      }
    }
  }
`)

/** A record by the CRM's own key; blank: none. */
interface Choice {
  remoteId: string
  name: string
}

interface RecordPickerProps {
  /** Of which entity type; blank: none yet. */
  entityName: string
  label: string
  value: Choice
  onChange: (record: Choice) => void
  error?: string | undefined
  required?: boolean | undefined
}

/** Cannot be a key in a CRM. */
const RETRY = ' retry'

/** Picks a record of the org by searching its name; a key that is typed or pasted is taken too. */
export function RecordPicker({ entityName, label, value, onChange, error, required }: RecordPickerProps) {
  const { notice } = useMetadata()
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  // Null: nothing is being typed, and the record that is chosen shows.
  const [typed, setTyped] = useState<string | null>(null)
  const [asked] = useDebouncedValue((typed ?? '').trim(), SEARCH_DELAY)
  const { records, loading, problem, retry } = useRecords(entityName, asked)
  const text = typed?.trim() ?? ''
  const waiting = text !== '' && (loading || text !== asked)

  const first = records[0]?.remoteId
  const selectFirst = useEffectEvent(() => combobox.selectFirstOption())
  useEffect(() => {
    if (typed !== null && (first !== undefined || typed !== '')) selectFirst()
  }, [typed, first])

  function choose(chosen: Choice) {
    setTyped(null)
    combobox.closeDropdown()
    onChange(chosen)
  }
  function submit(option: string) {
    if (option === RETRY) return retry()
    choose(records.find(({ remoteId }) => remoteId === option) ?? { remoteId: option, name: option })
  }
  function leave() {
    combobox.closeDropdown()
    if (text === '' && typed !== null) choose({ remoteId: '', name: '' })
    setTyped(null)
  }

  return (
    <Combobox store={combobox} onOptionSubmit={submit}>
      <Combobox.Target withExpandedAttribute>
        <TextInput
          label={label}
          description={notice ? 'Paste the key that the record has in the CRM.' : 'Search by name, or paste its key.'}
          required={required ?? false}
          disabled={entityName === ''}
          value={typed ?? value.name}
          error={error}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          inputWrapperOrder={['label', 'description', 'input', 'error']}
          rightSection={waiting ? <Loader size="xs" aria-label="Searching" /> : <Combobox.Chevron />}
          rightSectionPointerEvents="none"
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            combobox.openDropdown()
          }}
          onClick={() => combobox.openDropdown()}
          onBlur={leave}
        />
      </Combobox.Target>
      {value.remoteId !== '' && value.remoteId !== value.name && typed === null && (
        <Text size="sm" c="dimmed" mt={4} className={classes['chosen'] ?? ''}>
          Key {value.remoteId}
        </Text>
      )}
      <Combobox.Dropdown>
        <Combobox.Options className={classes['options']} aria-label={label}>
          {records.map(({ remoteId, name }) => (
            <Combobox.Option key={remoteId} value={remoteId} active={remoteId === value.remoteId}>
              <span className={classes['option']}>
                <span className={classes['label']}>{name}</span>
                <span className={classes['name']}>{remoteId}</span>
              </span>
            </Combobox.Option>
          ))}
          {text !== '' && !waiting && <Combobox.Option value={text}>Use “{text}” as its key</Combobox.Option>}
          {problem && !waiting && <Combobox.Option value={RETRY}>{problem} Try again</Combobox.Option>}
          {records.length === 0 && !problem && <Combobox.Empty>{whyEmpty(text, waiting)}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

function whyEmpty(text: string, waiting: boolean): string {
  if (text === '') return 'Type a part of its name.'
  return waiting ? 'Searching…' : 'The org has no record of this name.'
}

function useRecords(entityName: string, search: string) {
  const { integrationId, connected } = useMetadata()
  const [{ data, fetching, error }, ask] = useQuery({
    query: RecordPicker_Search,
    variables: { integrationId, entityName, search },
    pause: !connected || entityName === '' || search === '',
    // Records come and go, unlike names of fields.
    requestPolicy: 'cache-and-network',
  })
  const answer = search === '' ? null : data?.integration?.metadata.entityType?.records
  const found = answer?.__typename === 'EntityRecords' ? answer.records : []
  const refusal = answer && answer.__typename !== 'EntityRecords' ? answer.message : null
  return {
    records: found,
    loading: fetching,
    problem: error ? sentenceFor(error) : refusal,
    retry: () => ask({ requestPolicy: 'network-only' }),
  }
}
