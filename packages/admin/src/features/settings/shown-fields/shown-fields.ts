/** Search fields and detail fields: two lists that are set in the same way. */
import type { ShownFields_IntegrationFragment } from '../../../graphql/generated/graphql.ts'
import { graphql, readFragment } from '../../../graphql/generated/index.ts'
import { useSettings } from '../settings-context.ts'

const ShownFields_Integration = graphql(`
  fragment ShownFields_Integration on Integration {
    id
    provider
    entityTypes { id name displayName }
    settings {
      id
      version
      searchFields {
        id
        entityType { id name }
        name
        label
        fieldType
        filter { value relatedEntity }
        check
      }
      detailFields {
        id
        entityType { id name }
        name
        label
        fieldType
        filter { value relatedEntity }
        check
      }
    }
  }
`)

export type ShownField = ShownFields_IntegrationFragment['settings']['searchFields'][number]

export type ListName = 'searchFields' | 'detailFields'

/** The fields of a list as they are in force. */
export function useShownFields(list: ListName) {
  const {
    id: integrationId,
    provider,
    entityTypes,
    settings,
  } = readFragment(ShownFields_Integration, useSettings().integration)
  return { integrationId, provider, entityTypes, version: settings.version, fields: settings[list] }
}

/** How the lists differ: where they stand, and what is said. */
export const wordsOf = {
  searchFields: {
    path: '/settings/$integrationId/search-fields',
    title: 'Search fields',
    noun: 'search field',
    about: 'What agents search by, beside name, e-mail address and phone number.',
    empty:
      'None yet. A search field makes one more field searchable and shows it as a column of the results; with a filter value it narrows what is found.',
    labelHelp: 'The heading of its column in the results, and the label of its box on the search form.',
    typeLabel: 'Search Type',
  },
  detailFields: {
    path: '/settings/$integrationId/detail-fields',
    title: 'Detail fields',
    noun: 'detail field',
    about: 'What the details of a record show behind the built-in lines. As many as you need.',
    empty:
      'None yet. A detail field is one more line in the details of a record, and is searched by too; with a filter value it narrows what is found.',
    labelHelp: 'What agents see beside the value in the details.',
    typeLabel: 'Field Type',
  },
} as const satisfies Record<ListName, object>
