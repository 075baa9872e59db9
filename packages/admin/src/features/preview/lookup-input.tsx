import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { graphql } from '../../graphql/generated/index.ts'
import { usePreviewState } from './preview-context.ts'

const LookupInput_Records = graphql(`
  query LookupInput_Records($input: PreviewInput!, $fieldId: ID!, $term: String!) {
    preview(input: $input) {
      lookupRecords(fieldId: $fieldId, term: $term) {
        __typename
        ... on LookupRecordsSuccess { options { value name detail } }
        ... on Error { message }
      }
    }
  }
`)

interface LookupInputProps {
  fieldId: string
  label: string
  required: boolean
  size: 'xs'
  error: string | undefined
  description: string | undefined
  /** Of an option that was offered. */
  value: string
  onChange: (value: string) => void
}

/** Picks one of the records that the field's settings offer, by what is typed. */
export function LookupInput({ fieldId, value, onChange, ...shown }: LookupInputProps) {
  const { input } = usePreviewState()
  const [term, setTerm] = useState('')
  const [picked, setPicked] = useState<{ value: string; label: string } | null>(null)
  const [asked] = useDebouncedValue(term.trim(), 250)
  // What is picked stands in the input, and is not to be looked for.
  const pause = asked === '' || asked === picked?.label
  const [{ data, error, fetching }] = useQuery({
    query: LookupInput_Records,
    variables: { input, fieldId, term: asked },
    pause,
  })
  const result = data?.preview.lookupRecords
  const found = result?.__typename === 'LookupRecordsSuccess' && !pause ? result.options : []
  const options = found.map((option) => ({
    value: option.value,
    label: option.detail ? `${option.name} · ${option.detail}` : option.name,
  }))
  const others = picked && options.every((option) => option.value !== picked.value) ? [picked] : []
  const refused = result && result.__typename !== 'LookupRecordsSuccess' ? result.message : null
  const told = error ? sentenceFor(error) : refused

  return (
    <Select
      {...shown}
      searchable
      clearable
      placeholder="Type to search"
      value={value === '' ? null : value}
      onChange={(next) => {
        setPicked(options.find((option) => option.value === next) ?? null)
        onChange(next ?? '')
      }}
      onSearchChange={setTerm}
      data={[...others, ...options]}
      filter={({ options: all }) => all}
      nothingFoundMessage={told ?? (fetching ? 'Searching…' : pause ? 'Type to search' : 'No such record')}
    />
  )
}
