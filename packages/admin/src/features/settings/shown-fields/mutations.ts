import { graphql } from '../../../graphql/generated/index.ts'

const addSearchField = graphql(`
  mutation SearchFields_Add($integrationId: ID!, $expectedVersion: Int!, $field: ShownFieldInput!) {
    result: addSearchField(integrationId: $integrationId, expectedVersion: $expectedVersion, field: $field) {
      ...SettingsOutcome
    }
  }
`)

const updateSearchField = graphql(`
  mutation SearchFields_Update($id: ID!, $expectedVersion: Int!, $field: ShownFieldInput!) {
    result: updateSearchField(id: $id, expectedVersion: $expectedVersion, field: $field) { ...SettingsOutcome }
  }
`)

const removeSearchField = graphql(`
  mutation SearchFields_Remove($id: ID!, $expectedVersion: Int!) {
    result: removeSearchField(id: $id, expectedVersion: $expectedVersion) { ...SettingsOutcome }
  }
`)

const reorderSearchFields = graphql(`
  mutation SearchFields_Reorder($integrationId: ID!, $expectedVersion: Int!, $ids: [ID!]!) {
    result: reorderSearchFields(integrationId: $integrationId, expectedVersion: $expectedVersion, ids: $ids) {
      ...SettingsOutcome
    }
  }
`)

const addDetailField = graphql(`
  mutation DetailFields_Add($integrationId: ID!, $expectedVersion: Int!, $field: ShownFieldInput!) {
    result: addDetailField(integrationId: $integrationId, expectedVersion: $expectedVersion, field: $field) {
      ...SettingsOutcome
    }
  }
`)

const updateDetailField = graphql(`
  mutation DetailFields_Update($id: ID!, $expectedVersion: Int!, $field: ShownFieldInput!) {
    result: updateDetailField(id: $id, expectedVersion: $expectedVersion, field: $field) { ...SettingsOutcome }
  }
`)

const removeDetailField = graphql(`
  mutation DetailFields_Remove($id: ID!, $expectedVersion: Int!) {
    result: removeDetailField(id: $id, expectedVersion: $expectedVersion) { ...SettingsOutcome }
  }
`)

const reorderDetailFields = graphql(`
  mutation DetailFields_Reorder($integrationId: ID!, $expectedVersion: Int!, $ids: [ID!]!) {
    result: reorderDetailFields(integrationId: $integrationId, expectedVersion: $expectedVersion, ids: $ids) {
      ...SettingsOutcome
    }
  }
`)

/** How each of the two lists is changed. */
export const mutationsOf = {
  searchFields: {
    add: addSearchField,
    update: updateSearchField,
    remove: removeSearchField,
    reorder: reorderSearchFields,
  },
  detailFields: {
    add: addDetailField,
    update: updateDetailField,
    remove: removeDetailField,
    reorder: reorderDetailFields,
  },
} as const
