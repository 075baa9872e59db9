import { graphql } from '../../../graphql/generated/index.ts'

export const Entities_Integration = graphql(`
  fragment Entities_Integration on Integration {
    id
    name
    provider
    entityTypes { id kind name displayName primaryField primaryFieldLabel searchable creatable check }
    settings { id version }
  }
`)

export const Entities_Provider = graphql(`
  query Entities_Provider { providers { provider settings { entitySearchSwitch } } }
`)
