import { graphql } from '../../../graphql/generated/index.ts'

export const BackendFields_Integration = graphql(`
  fragment BackendFields_Integration on Integration {
    id
    name
    entityTypes { id name displayName }
    settings {
      id
      version
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
