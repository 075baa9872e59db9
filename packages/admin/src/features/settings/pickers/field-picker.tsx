import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../../graphql/client.ts'
import type { FieldPicker_FieldFragment, FieldType } from '../../../graphql/generated/graphql.ts'
import { graphql, readFragment } from '../../../graphql/generated/index.ts'
import { useTypeName } from '../use-field-types.ts'
import { NamePicker } from './name-picker.tsx'
import { SEARCH_DELAY, useMetadata } from './use-metadata.ts'

const FieldPicker_Field = graphql(`
  fragment FieldPicker_Field on FieldDescriptor {
    name
    label
    type
    required
    writable
    maxLength
    options { value label }
    targets
  }
`)

const FieldPicker_Search = graphql(`
  query FieldPicker_Search(
    $integrationId: ID!, $entityName: String!, $search: String!, $types: [FieldType!], $writable: Boolean, $first: Int!
  ) {
    integration(id: $integrationId) {
      id
      metadata {
        entityType(name: $entityName) {
          name
          fields(search: $search, types: $types, writable: $writable, first: $first) { ...FieldPicker_Field }
        }
      }
    }
  }
`)

/** What the org says of a field. */
export type FieldDescriptor = FieldPicker_FieldFragment

interface FieldPickerProps {
  /** The CRM's own name of the entity type whose field it is; blank: none yet. */
  entityName: string
  label: string
  /** The CRM's own name; blank: none. */
  value: string
  /** Null: typed by hand, and not known to the org; it may be told once more with what the org says of it. */
  onChange: (name: string, descriptor: FieldDescriptor | null) => void
  /** Only these types. */
  types?: FieldType[] | undefined
  /** Only those that may be given on create. */
  writable?: boolean | undefined
  error?: string | undefined
  description?: string | undefined
  disabled?: boolean | undefined
  required?: boolean | undefined
}

/** Picks a field of an entity type of the org. */
export function FieldPicker({ entityName, value, onChange, types, writable, ...input }: FieldPickerProps) {
  const { integrationId, connected, notice } = useMetadata()
  const typeName = useTypeName()
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search, SEARCH_DELAY)
  const [found, retry] = useQuery({
    query: FieldPicker_Search,
    variables: {
      integrationId,
      entityName,
      search: asked,
      types: types ?? null,
      writable: writable ?? null,
      first: 100,
    },
    pause: !connected || entityName === '',
  })
  const descriptor = useFieldDescriptor(entityName, value)
  const entity = found.data?.integration?.metadata.entityType
  const fields = readFragment(FieldPicker_Field, entity?.fields) ?? []

  const unknown = useRef<string | null>(null)
  useEffect(() => {
    if (descriptor === null || unknown.current !== descriptor.name) return
    unknown.current = null
    onChange(descriptor.name, descriptor)
  }, [descriptor, onChange])
  function choose(name: string) {
    const picked = fields.find((field) => field.name === name) ?? null
    unknown.current = picked === null ? name : null
    onChange(name, picked)
  }

  let problem = notice ?? (found.error ? sentenceFor(found.error) : null)
  if (entity === null && !problem) problem = `The org has no entity type ${entityName}.`
  const told = ({ label, type, maxLength }: FieldDescriptor) =>
    [label, typeName(type), maxLength && `${maxLength} characters`].filter(Boolean).join(' · ')
  return (
    <NamePicker
      {...input}
      value={value}
      onChange={choose}
      options={fields.map(({ name, label, type }) => ({ name, label, detail: typeName(type) }))}
      onSearch={setSearch}
      loading={found.fetching}
      problem={problem}
      onRetry={() => retry({ requestPolicy: 'network-only' })}
      chosen={notice ?? (descriptor && told(descriptor))}
    />
  )
}

/** What the org says of a field by its name; null while it is not known. */
export function useFieldDescriptor(entityName: string, name: string): FieldDescriptor | null {
  const { integrationId, connected } = useMetadata()
  const [{ data }] = useQuery({
    query: FieldPicker_Search,
    // All of them: the very name need not be among the first that hold it.
    variables: { integrationId, entityName, search: name, types: null, writable: null, first: 500 },
    pause: !connected || entityName === '' || name === '',
  })
  const fields = readFragment(FieldPicker_Field, data?.integration?.metadata.entityType?.fields) ?? []
  return fields.find((field) => field.name === name) ?? null
}
