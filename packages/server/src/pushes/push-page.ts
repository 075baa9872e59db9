/** Pages of pushes as a GraphQL type: Relay's, and how many pushes there are in each state. */

import { queryFromInfo } from '@pothos/plugin-prisma'
import { GraphQLError, type GraphQLResolveInfo } from 'graphql'
import { builder } from '../builder.ts'
import type { GatewayContext } from '../context.ts'
import { inPage } from '../cost.ts'
import type { PushStatus } from '../generated/prisma/client.ts'
import { PushRef, PushStatusEnum } from './push-node.ts'
import type { PushFilter, PushPlace } from './service.ts'

interface PushPage {
  filter: PushFilter
  /** The newest event when it was read. */
  eventCursor: number
  edges: { cursor: string; node: PushPlace }[]
  pageInfo: PageInfo
}

interface PageInfo {
  hasNextPage: boolean
  hasPreviousPage: boolean
  startCursor: string | null
  endCursor: string | null
}

const PushEdgeRef = builder.edgeObject({
  type: PushRef,
  name: 'PushEdge',
  nodeNullable: false,
  description: 'A push in its page.',
})

const PushCountRef = builder.objectRef<{ status: PushStatus; count: number }>('PushCount').implement({
  description: 'How many pushes there are in one state.',
  fields: (t) => ({
    status: t.field({ type: PushStatusEnum, description: 'The state.', resolve: (it) => it.status }),
    count: t.exposeInt('count', { description: 'How many.' }),
  }),
})

export const PushConnectionRef = builder.objectRef<PushPage>('PushConnection').implement({
  description: 'A page of pushes, the newest first.',
  fields: (t) => ({
    edges: t.field({
      type: [PushEdgeRef],
      complexity: inPage,
      description: 'The pushes.',
      resolve: (page) => page.edges,
    }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description: 'Where the page stands among its neighbours.',
      resolve: (page) => page.pageInfo,
    }),
    eventCursor: t.id({
      description: 'Hand it to `pushEvents` as `after`, and no change of these pushes is missed.',
      resolve: ({ eventCursor }) => String(eventCursor),
    }),
    counts: t.field({
      type: [PushCountRef],
      description: 'How many there are in each state that occurs, whatever state was asked for.',
      resolve: ({ filter }, _args, { services, viewer }) => services.pushes.countByStatus(viewer, filter),
    }),
  }),
})

export async function readPushPage(
  { first, after }: { first?: number | null | undefined; after?: string | null | undefined },
  filter: PushFilter,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): Promise<PushPage> {
  const { services, viewer } = context
  const size = Math.min(Math.max(first ?? 25, 0), 100)
  // Taken before the pushes are read: what changes meanwhile comes once more, rather than not at all.
  const eventCursor = await services.events.latestId()
  const { include, select } = queryFromInfo({ context, info, typeName: 'Push', path: ['edges', 'node'] })
  // One more than asked for tells whether there is a next page.
  const rows = await services.pushes.list(viewer, filter, {
    ...(include && { include }),
    ...(select && { select: { ...select, id: true, createdAt: true } }),
    after: after == null ? null : readCursor(after),
    take: size + 1,
  })
  const edges = rows.slice(0, size).map((node) => ({ node, cursor: toCursor(node) }))
  return {
    filter,
    eventCursor,
    edges,
    pageInfo: {
      hasPreviousPage: after != null,
      hasNextPage: rows.length > size,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

const toCursor = ({ createdAt, id }: PushPlace) => Buffer.from(`${createdAt.getTime()}:${id}`).toString('base64url')

function readCursor(cursor: string): PushPlace {
  const [, time, id] = /^(\d{1,15}):(.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (time !== undefined && id !== undefined) return { createdAt: new Date(Number(time)), id }
  throw new GraphQLError('`after` is a cursor of a page of pushes.', { extensions: { code: 'BAD_USER_INPUT' } })
}
