import { useCallback, useEffect, useRef, useState } from 'react'
import { type CombinedError, useClient, useQuery, useSubscription } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { PushFilter, PushStatus } from '../../graphql/generated/graphql.ts'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { tellProblem } from '../../ui/tell.ts'
import { type PushCount, type PushList, withHead, withPage, withPush, withStatus } from './push-list.ts'
import { PushRow_Push } from './push-row.tsx'

const UsePushList_Page = graphql(`
  fragment UsePushList_Page on PushConnection {
    edges { node { id ...PushRow_Push } }
    pageInfo { endCursor hasNextPage }
  }
`)

const UsePushList_Head = graphql(`
  query UsePushList_Head($filter: PushFilter!, $first: Int!) {
    pushes(filter: $filter, first: $first) {
      eventCursor
      counts { status count }
      ...UsePushList_Page
    }
  }
`)

const UsePushList_More = graphql(`
  query UsePushList_More($filter: PushFilter!, $first: Int!, $after: String!) {
    pushes(filter: $filter, first: $first, after: $after) { ...UsePushList_Page }
  }
`)

const UsePushList_Events = graphql(`
  subscription UsePushList_Events($integrationId: ID, $after: ID) {
    pushEvents(integrationId: $integrationId, after: $after) {
      id
      push { id ...PushRow_Push }
    }
  }
`)

const PAGE = 25
/** Many pushes change at once: they are counted anew when that has calmed a little. */
const CALM_MS = 300

interface LivePushes {
  /** Null until it is read. */
  list: PushList | null
  counts: readonly PushCount[]
  error: CombinedError | undefined
  fetching: boolean
  reload: () => void
  loadMore: () => Promise<void>
  /** Shows a state before the server says so. */
  show: (id: string, status: PushStatus) => void
}

/**
 * The pushes that a filter finds, as they are at every moment: changes come as events, from the moment on at which the list
 * was read, and new rows with the newest page, which is read anew after each.
 *
 * @param filter the same object as long as it is the same filter
 */
export function usePushList(filter: PushFilter): LivePushes {
  const client = useClient()
  const variables = { filter, first: PAGE }
  const [{ data, error, fetching, operation }, read] = useQuery({
    query: UsePushList_Head,
    variables,
    requestPolicy: 'cache-and-network',
  })
  const [list, setList] = useState<PushList | null>(null)
  const pushes = data?.pushes
  const filterKey = JSON.stringify(filter)
  // While another filter is asked for, the answer is still that of the last one.
  const answers = JSON.stringify(operation?.variables.filter)
  const shownKey = useRef<string>(undefined)

  useEffect(() => {
    if (!pushes || answers !== filterKey) return
    const isContinued = shownKey.current === filterKey
    shownKey.current = filterKey
    setList((shown) => withHead(isContinued ? shown : null, toList(pushes)))
  }, [pushes, answers, filterKey])

  const reload = useCallback(() => read({ requestPolicy: 'network-only' }), [read])
  const calm = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(calm.current), [])

  const [start, setStart] = useState<string | null>(null)
  if (start === null && pushes) setStart(pushes.eventCursor)
  useSubscription(
    {
      query: UsePushList_Events,
      variables: { integrationId: filter.integrationId ?? null, after: start },
      pause: start === null,
    },
    (_previous, event) => {
      const push = readFragment(PushRow_Push, event.pushEvents.push)
      setList((shown) => shown && withPush(shown, push))
      clearTimeout(calm.current)
      calm.current = setTimeout(reload, CALM_MS)
      return event
    },
  )

  async function loadMore() {
    if (!list?.endCursor) return
    const answer = await client.query(
      UsePushList_More,
      { ...variables, after: list.endCursor },
      { requestPolicy: 'network-only' },
    )
    const page = answer.data?.pushes
    if (page) setList((shown) => shown && withPage(shown, toList(page)))
    else tellProblem(sentenceFor(answer.error))
  }

  const show = (id: string, status: PushStatus) => setList((shown) => shown && withStatus(shown, id, status))
  return { list, counts: pushes?.counts ?? [], error, fetching, reload, loadMore, show }
}

function toList(connection: FragmentType<typeof UsePushList_Page>): PushList {
  const { edges, pageInfo } = readFragment(UsePushList_Page, connection)
  const rows = edges.map(({ node }) => readFragment(PushRow_Push, node))
  return { rows, endCursor: pageInfo.endCursor ?? null, hasMore: pageInfo.hasNextPage }
}
