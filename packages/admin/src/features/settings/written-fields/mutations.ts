import { graphql } from '../../../graphql/generated/index.ts'

const addExportField = graphql(`
  mutation ExportFields_Add($integrationId: ID!, $expectedVersion: Int!, $field: ExportFieldInput!) {
    result: addExportField(integrationId: $integrationId, expectedVersion: $expectedVersion, field: $field) {
      ...SettingsOutcome
    }
  }
`)

const updateExportField = graphql(`
  mutation ExportFields_Update($id: ID!, $expectedVersion: Int!, $field: ExportFieldInput!) {
    result: updateExportField(id: $id, expectedVersion: $expectedVersion, field: $field) { ...SettingsOutcome }
  }
`)

const removeExportField = graphql(`
  mutation ExportFields_Remove($id: ID!, $expectedVersion: Int!) {
    result: removeExportField(id: $id, expectedVersion: $expectedVersion) { ...SettingsOutcome }
  }
`)

const reorderExportFields = graphql(`
  mutation ExportFields_Reorder($integrationId: ID!, $expectedVersion: Int!, $ids: [ID!]!) {
    result: reorderExportFields(integrationId: $integrationId, expectedVersion: $expectedVersion, ids: $ids) {
      ...SettingsOutcome
    }
  }
`)

const addBackendField = graphql(`
  mutation BackendFields_Add($integrationId: ID!, $expectedVersion: Int!, $field: BackendFieldInput!) {
    result: addBackendField(integrationId: $integrationId, expectedVersion: $expectedVersion, field: $field) {
      ...SettingsOutcome
    }
  }
`)

const updateBackendField = graphql(`
  mutation BackendFields_Update($id: ID!, $expectedVersion: Int!, $field: BackendFieldInput!) {
    result: updateBackendField(id: $id, expectedVersion: $expectedVersion, field: $field) { ...SettingsOutcome }
  }
`)

const removeBackendField = graphql(`
  mutation BackendFields_Remove($id: ID!, $expectedVersion: Int!) {
    result: removeBackendField(id: $id, expectedVersion: $expectedVersion) { ...SettingsOutcome }
  }
`)

const reorderBackendFields = graphql(`
  mutation BackendFields_Reorder($integrationId: ID!, $expectedVersion: Int!, $ids: [ID!]!) {
    result: reorderBackendFields(integrationId: $integrationId, expectedVersion: $expectedVersion, ids: $ids) {
      ...SettingsOutcome
    }
  }
`)

/** How each of the two lists is changed. */
export const mutationsOf = {
  EXPORT: {
    add: addExportField,
    update: updateExportField,
    remove: removeExportField,
    reorder: reorderExportFields,
  },
  BACKEND: {
    add: addBackendField,
    update: updateBackendField,
    remove: removeBackendField,
    reorder: reorderBackendFields,
  },
} as const
