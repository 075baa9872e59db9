import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { sentenceFor } from '../../../graphql/client.ts'
import type { EntityPicker_EntityFragment } from '../../../graphql/generated/graphql.ts'
import { graphql, readFragment } from '../../../graphql/generated/index.ts'
import { NamePicker } from './name-picker.tsx'
import { SEARCH_DELAY, useMetadata } from './use-metadata.ts'

const EntityPicker_Entity = graphql(`
  fragment EntityPicker_Entity on EntityDescriptor { name label isActivity creatable }
`)

const EntityPicker_Search = graphql(`
  query EntityPicker_Search($integrationId: ID!, $search: String!, $isActivity: Boolean) {
    integration(id: $integrationId) {
      id
      metadata { entityTypes(search: $search, isActivity: $isActivity) { ...EntityPicker_Entity } }
    }
  }
`)

const EntityPicker_Chosen = graphql(`
  query EntityPicker_Chosen($integrationId: ID!, $name: String!) {
    integration(id: $integrationId) { id metadata { entityType(name: $name) { ...EntityPicker_Entity } } }
  }
`)

/** What the org says of an entity type. */
export type EntityDescriptor = EntityPicker_EntityFragment

interface EntityPickerProps {
  label: string
  /** The CRM's own name; blank: none. */
  value: string
  /** Null: typed by hand, and not known to the org; it may be told once more with what the org says of it. */
  onChange: (name: string, descriptor: EntityDescriptor | null) => void
  /** Only activities, or only what is none. */
  isActivity?: boolean | undefined
  error?: string | undefined
  description?: string | undefined
  disabled?: boolean | undefined
  required?: boolean | undefined
}

/** Picks an entity type of the org. */
export function EntityPicker({ value, onChange, isActivity, ...input }: EntityPickerProps) {
  const { integrationId, connected, notice } = useMetadata()
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search, SEARCH_DELAY)
  const [found, retry] = useQuery({
    query: EntityPicker_Search,
    variables: { integrationId, search: asked, isActivity: isActivity ?? null },
    pause: !connected,
  })
  const descriptor = useEntityDescriptor(value)
  const entities = readFragment(EntityPicker_Entity, found.data?.integration?.metadata.entityTypes) ?? []

  const unknown = useRef<string | null>(null)
  useEffect(() => {
    if (descriptor === null || unknown.current !== descriptor.name) return
    unknown.current = null
    onChange(descriptor.name, descriptor)
  }, [descriptor, onChange])
  function choose(name: string) {
    const picked = entities.find((entity) => entity.name === name) ?? null
    unknown.current = picked === null ? name : null
    onChange(name, picked)
  }

  return (
    <NamePicker
      {...input}
      value={value}
      onChange={choose}
      options={entities.map(({ name, label, isActivity }) => ({ name, label, detail: isActivity ? 'Activity' : '' }))}
      onSearch={setSearch}
      loading={found.fetching}
      problem={notice ?? (found.error ? sentenceFor(found.error) : null)}
      onRetry={() => retry({ requestPolicy: 'network-only' })}
      chosen={notice ?? descriptor?.label ?? null}
    />
  )
}

/** What the org says of an entity type by its name; null while it is not known. */
function useEntityDescriptor(name: string): EntityDescriptor | null {
  const { integrationId, connected } = useMetadata()
  const [{ data }] = useQuery({
    query: EntityPicker_Chosen,
    variables: { integrationId, name },
    pause: !connected || name === '',
  })
  const descriptor = readFragment(EntityPicker_Entity, data?.integration?.metadata.entityType)
  return descriptor?.name === name ? descriptor : null
}
