/** What agents and admins do to tags and pushes. */
import type { RunningGateway } from './running-gateway.ts'

export interface Acted {
  __typename: string
  code?: string
  message?: string
  fields?: { path: string[]; message: string }[]
  count?: number
  push?: { id: string; status: string }
  conversation?: { id: string; tags: { id: string; removedAt: string | null; removedBy: string | null }[] }
}

/** On one push, by its global ID. */
export async function act(
  gateway: RunningGateway,
  mutation: 'retryPush' | 'discardPush',
  id: string,
  bearer?: string,
): Promise<Acted> {
  const data = await gateway.execute(
    `mutation ($id: ID!) {
      ${mutation}(id: $id) { __typename ... on PushSuccess { push { id status } } ... on Error { code message } }
    }`,
    { id },
    bearer,
  )
  return data[mutation]
}

/** On all that a filter finds. */
export async function actOnAll(
  gateway: RunningGateway,
  mutation: 'retryPushes' | 'discardPushes',
  filter: object,
  bearer?: string,
): Promise<Acted> {
  const data = await gateway.execute(
    `mutation ($filter: PushFilter!) {
      ${mutation}(filter: $filter) {
        __typename
        ... on PushesSuccess { count }
        ... on Error { code message }
        ... on ValidationError { fields { path message } }
      }
    }`,
    { filter },
    bearer,
  )
  return data[mutation]
}

export async function untag(gateway: RunningGateway, tagId: string, bearer?: string): Promise<Acted> {
  const { untagConversation } = await gateway.execute(
    `mutation ($tagId: ID!) {
      untagConversation(tagId: $tagId) {
        __typename
        ... on UntagSuccess { conversation { id tags { id removedAt removedBy } } }
        ... on Error { code message }
      }
    }`,
    { tagId },
    bearer,
  )
  return untagConversation
}

/** A token as an agent's browser holds it, bound to these conversations. */
export async function agentToken(gateway: RunningGateway, conversationIds: readonly string[]): Promise<string> {
  const { issueAgentToken } = await gateway.execute(
    `mutation ($conversationIds: [ID!]) {
      issueAgentToken(agentId: "agent-7", agentName: "Agent", conversationIds: $conversationIds) {
        ... on IssueAgentTokenSuccess { token }
        ... on Error { message }
      }
    }`,
    { conversationIds },
    await gateway.key('SERVICE'),
  )
  return issueAgentToken.token
}
