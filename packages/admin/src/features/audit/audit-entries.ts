import { graphql } from '../../graphql/generated/index.ts'

/** A part of the audit log, the newest first. */
export const AuditEntries_Query = graphql(`
  query AuditEntries_Query(
    $first: Int!
    $action: String
    $actor: String
    $from: DateTime
    $until: DateTime
    $after: String
  ) {
    auditEntries(first: $first, action: $action, actor: $actor, from: $from, until: $until, after: $after) {
      edges { node { id at actor action subject address } }
      pageInfo { hasNextPage endCursor }
    }
  }
`)
