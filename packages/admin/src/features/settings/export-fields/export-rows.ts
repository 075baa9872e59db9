import { graphql } from '../../../graphql/generated/index.ts'

export const ExportFields_Integration = graphql(`
  fragment ExportFields_Integration on Integration {
    id
    name
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
        variable
        value
        values
        lookupValue { entityName remoteId name }
        label
        lookup { relatedEntity searchFields displayField filter { field value relatedEntity } }
        required
        maxLength
        useCurrentDate
      }
    }
  }
`)
