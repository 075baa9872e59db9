/** What developers copy: each piece runs as it stands, with a key of one's own. Pure. */

/** Where a key goes. */
export const KEY_PLACEHOLDER = 'YOUR_KEY'

/** Where to reach the API, from the address of the page. */
export function addressesOf(origin: string) {
  return {
    endpoint: `${origin}/graphql`,
    webSocket: `${origin.replace(/^http/, 'ws')}/graphql`,
    eventStream: `${origin}/graphql/stream`,
  }
}

/** One line that asks who one is and which CRMs there are. */
export function curlOf(endpoint: string): string {
  const query = '{ viewer { scopes workspace { name } } integrations { name provider status } }'
  return [
    `curl -sS ${endpoint}`,
    `-H 'authorization: Bearer ${KEY_PLACEHOLDER}'`,
    "-H 'content-type: application/json'",
    `-d '${JSON.stringify({ query })}'`,
  ].join(' ')
}

/** For the backend of a chat product: a token for the browser of one agent. */
export function issueTokenOf(endpoint: string): string {
  return `// In your backend. The key never leaves it.
export async function issueAgentToken(key, agent) {
  const response = await fetch('${endpoint}', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: \`Bearer \${key}\` },
    body: JSON.stringify({
      query: \`mutation ($agentId: String!, $agentName: String!) {
        issueAgentToken(agentId: $agentId, agentName: $agentName, expiresInSeconds: 3600) {
          __typename
          ... on IssueAgentTokenSuccess { token expiresAt }
          ... on Error { message }
        }
      }\`,
      variables: { agentId: agent.id, agentName: agent.name },
    }),
  })
  const { data, errors } = await response.json()
  const result = data?.issueAgentToken
  if (result?.__typename !== 'IssueAgentTokenSuccess') throw new Error(result?.message ?? errors?.[0]?.message)
  return result.token
}
`
}

/** For the agent's browser: what the token opens. */
export function useTokenOf(endpoint: string): string {
  return `// In the agent's browser. The token came from your backend.
export async function findByPhone(token, phone) {
  const response = await fetch('${endpoint}', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: \`Bearer \${token}\` },
    body: JSON.stringify({
      query: \`query ($phone: String!) {
        searchRecords(input: { phone: $phone }) {
          ... on SearchRecordsSuccess { hits { record { id name url } } }
          ... on Error { message }
        }
      }\`,
      variables: { phone },
    }),
  })
  const { data, errors } = await response.json()
  if (errors) throw new Error(errors[0].message)
  return data.searchRecords.hits ?? []
}
`
}
