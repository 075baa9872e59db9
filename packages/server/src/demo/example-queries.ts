/** What the tabs of GraphiQL ask. */

export const SEARCH = `# Who calls from this number? Both CRMs are asked at once.
query SearchByPhone($phone: String!) {
  searchRecords(input: { phone: $phone }) {
    __typename
    ... on SearchRecordsSuccess {
      hits {
        exact
        matchedBy
        record {
          __typename
          id
          name
          phone
          url
          integration { name provider }
        }
      }
      integrations {
        integration { name }
        failure { code message }
      }
    }
    ... on Error { code message }
  }
}
`

export const OPEN = `# Open one of them. Its account comes along in the same round.
query OpenRecord($id: ID!) {
  record(id: $id) {
    __typename
    ... on RecordSuccess {
      record {
        __typename
        id
        name
        phone
        email
        url
        ... on Contact {
          firstName
          lastName
          account { id name }
        }
      }
    }
    ... on Error { code message }
  }
}
`

export const FORM = `# What an agent sees, as data: the panel with its tabs, and the form that makes a contact, filled in as far as is known.
query PanelAndForm($integrationId: ID!, $entityTypeId: ID!, $conversationId: ID) {
  panel(conversationId: $conversationId) {
    integrations {
      label
      searchForm { fullName phone email fields { id label type } }
      tabs { label saveLabel columns { label } }
    }
  }
  recordForm(integrationId: $integrationId, entityTypeId: $entityTypeId, conversationId: $conversationId) {
    __typename
    ... on RecordForm {
      submitLabel
      fields { id name label group type required maxLength defaultValue options { label value } }
    }
    ... on Error { code message }
  }
}
`

export const CREATE = `# Create a contact. Leave the last name out to see how a field's fault is answered.
mutation CreateContact($input: CreateRecordInput!) {
  createRecord(input: $input) {
    __typename
    ... on CreateRecordSuccess { record { id name url } warnings }
    ... on ValidationError { message fields { path message } }
    ... on DuplicateError { message duplicates { name url } }
    ... on Error { code message }
  }
}
`

export const CONVERSE = `# Begin a conversation and add to it. Sent twice, it is the same conversation with the same messages.
mutation Converse($input: StartConversationInput!, $conversationId: ID!, $messages: [MessageInput!]!) {
  startConversation(input: $input) {
    ... on ConversationSuccess { conversation { id channel status } }
    ... on Error { code message }
  }
  appendMessages(conversationId: $conversationId, messages: $messages) {
    ... on ConversationSuccess { conversation { id } }
    ... on Error { code message }
  }
}
`

export const TAG = `# Tag it with records: the transcript is written into each CRM, once.
mutation TagConversation($conversationId: ID!, $recordIds: [ID!]!) {
  tagConversation(conversationId: $conversationId, recordIds: $recordIds) {
    __typename
    ... on TagConversationSuccess {
      outcomes {
        recordId
        tag { pushes { edges { node { id status activities { url } } } } }
        error { code message }
      }
    }
    ... on Error { code message }
  }
}
`

export const WATCH = `# Watch it arrive: run this, then tag in the other tab.
subscription WatchPushes {
  pushEvents {
    id
    at
    push {
      id
      status
      subject
      activities { url closed }
      error { code message }
    }
  }
}
`

export const FOLLOW = `# What an agent sees of a conversation: run this, then add messages or tag in the other tabs.
subscription FollowConversation($conversationIds: [ID!]!) {
  conversationEvents(conversationIds: $conversationIds) {
    __typename
    id
    at
    ... on MessageAppended { message { author text } }
    ... on MatchFound { match { kind hits { matchedBy matchedField } } }
    ... on RecordTagged { tag { reference { name url } } }
    ... on PushUpdated { push { status } }
  }
}
`

export const PUSHES = `# What became of what was tagged: how far each push is, why, and what to do about one that failed.
query Pushes($filter: PushFilter) {
  pushes(filter: $filter, first: 20) {
    counts { status count }
    edges {
      node {
        id
        status
        subject
        deliveredNumbers { first last }
        nextAttemptAt
        error { code message }
        warnings { text }
        why { rule text }
        activities { url closed }
        tag { reference { name integration { name } } }
      }
    }
  }
}
`

export const SETTINGS = `# Two operations: choose one beside the play button.
# Settings that nobody has saved: the form that they make, and what tagging would write, each value with its reason.
query TrySettings($preview: PreviewInput!, $entityTypeId: ID!, $recordIds: [ID!]!) {
  preview(input: $preview) {
    recordForm(entityTypeId: $entityTypeId) {
      ... on RecordForm { fields { label group required } }
      ... on Error { code message }
    }
    planPush(recordIds: $recordIds) {
      ... on Plan {
        steps { kind entityName target { name } subject body values { label value origin { kind text } } }
        notes { text }
      }
      ... on Error { code message }
    }
  }
}

# One of them for good. Misspell its name to see how a setting is checked; undo it with restoreSettings.
mutation KeepSetting($integrationId: ID!, $expectedVersion: Int!, $field: ExportFieldInput!) {
  addExportField(integrationId: $integrationId, expectedVersion: $expectedVersion, field: $field) {
    __typename
    ... on SettingsSuccess {
      warnings
      integration { settings { version exportFields { label check } } settingsHistory(first: 3) { edges { node { id summary by } } } }
    }
    ... on ValidationError { message fields { path message } }
    ... on ConflictError { message version }
    ... on Error { code message }
  }
}
`

export const INTEGRATIONS = `# Which CRMs are connected?
query Integrations {
  integrations {
    id
    provider
    name
    url
    emulated
    status
    problems { code message }
    entityTypes { id kind displayName }
  }
}
`

export const CONNECT = `# Connect an environment of your own: put its values into the variables first (docs/connect-dynamics.md).
mutation ConnectDynamics($input: ConnectDynamicsInput!) {
  connectDynamics(input: $input) {
    __typename
    ... on ConnectSuccess { integration { id name connectedAs problems { code message } } }
    ... on ValidationError { message fields { path message } }
    ... on Error { code message }
  }
}
`
