import { useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { PushFilter } from '../../graphql/generated/graphql.ts'
import { graphql } from '../../graphql/generated/index.ts'

const UsePushAction_Retry = graphql(`
  mutation UsePushAction_Retry($id: ID!) {
    retryPush(id: $id) {
      __typename
      ... on Error { code message }
    }
  }
`)

const UsePushAction_Discard = graphql(`
  mutation UsePushAction_Discard($id: ID!) {
    discardPush(id: $id) {
      __typename
      ... on Error { code message }
    }
  }
`)

const UsePushAction_RetryAll = graphql(`
  mutation UsePushAction_RetryAll($filter: PushFilter!) {
    retryPushes(filter: $filter) {
      __typename
      ... on PushesSuccess { count }
      ... on Error { code message }
    }
  }
`)

const UsePushAction_DiscardAll = graphql(`
  mutation UsePushAction_DiscardAll($filter: PushFilter!) {
    discardPushes(filter: $filter) {
      __typename
      ... on PushesSuccess { count }
      ... on Error { code message }
    }
  }
`)

export type PushAction = 'RETRY' | 'DISCARD'

/** Acts on one push; answers why it was refused, or null where it is done. */
export function usePushAction() {
  const client = useClient()
  return async (action: PushAction, id: string): Promise<string | null> => {
    if (action === 'RETRY') {
      const { data, error } = await client.mutation(UsePushAction_Retry, { id })
      const result = data?.retryPush
      if (result?.__typename === 'PushSuccess') return null
      return result?.message ?? sentenceFor(error)
    }
    const { data, error } = await client.mutation(UsePushAction_Discard, { id })
    const result = data?.discardPush
    if (result?.__typename === 'PushSuccess') return null
    return result?.message ?? sentenceFor(error)
  }
}

/** Acts on all pushes that a filter finds; answers how many, or why it was refused. */
export function usePushesAction() {
  const client = useClient()
  return async (action: PushAction, filter: PushFilter): Promise<number | string> => {
    if (action === 'RETRY') {
      const { data, error } = await client.mutation(UsePushAction_RetryAll, { filter })
      const result = data?.retryPushes
      if (result?.__typename === 'PushesSuccess') return result.count
      return result?.message ?? sentenceFor(error)
    }
    const { data, error } = await client.mutation(UsePushAction_DiscardAll, { filter })
    const result = data?.discardPushes
    if (result?.__typename === 'PushesSuccess') return result.count
    return result?.message ?? sentenceFor(error)
  }
}
