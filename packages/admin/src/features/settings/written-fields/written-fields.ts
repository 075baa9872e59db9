/** Export fields and backend fields: two lists that are set in the same way. */
import { graphql, readFragment } from '../../../graphql/generated/index.ts'
import type { FieldList } from '../field-values/shape.ts'
import { useSettings } from '../settings-context.ts'

const WrittenFields_Integration = graphql(`
  fragment WrittenFields_Integration on Integration {
    id
    entityTypes { id name displayName }
    settings {
      id
      version
      exportFields {
        id
        entityType { id name }
        name
        check
        variableType
        fieldType
        value
        values
        lookupValue { entityName remoteId name }
        label
        lookup { relatedEntity searchFields displayField filter { field value relatedEntity } }
        variable
        required
        maxLength
        useCurrentDate
      }
      backendFields {
        id
        entityType { id name }
        name
        check
        variableType
        fieldType
        value
        values
        lookupValue { entityName remoteId name }
        label
        lookup { relatedEntity searchFields displayField filter { field value relatedEntity } }
        overwrite
      }
    }
  }
`)

/** The fields of a list as they are in force. */
export function useWrittenFields(list: FieldList) {
  const {
    id: integrationId,
    entityTypes,
    settings,
  } = readFragment(WrittenFields_Integration, useSettings().integration)
  const { version, exportFields, backendFields } = settings
  return { integrationId, entityTypes, version, fields: list === 'EXPORT' ? exportFields : backendFields }
}
