/** `node` and `nodes`: anything by its global ID. An id that names nothing that the caller may see answers null. */

import { resolveNodes } from '@pothos/plugin-relay'
import type { GraphQLResolveInfo } from 'graphql'
import { type Declared, readByIdRule } from './access/rule.ts'
import { builder } from './builder.ts'
import type { GatewayContext } from './context.ts'
import { crmCall, each } from './cost.ts'
import { decodeAnyId } from './shared/global-id.ts'

type NodeConfig = Declared & {
  loadOne?: unknown
  loadMany?: unknown
  loadWithoutCache?: unknown
  loadManyWithoutCache?: unknown
}

/** Whether it is a type of things with ids, which this caller may ask for by theirs. */
function mayRead(typename: string, { viewer }: GatewayContext, info: GraphQLResolveInfo): boolean {
  const type = info.schema.getType(typename)
  const options = type?.extensions.pothosOptions as NodeConfig | undefined
  const load = options?.loadOne ?? options?.loadMany ?? options?.loadWithoutCache ?? options?.loadManyWithoutCache
  if (!options || !load) return false
  const rule = readByIdRule(typename, options)
  return rule === null || viewer.scopes.includes(rule.least)
}

async function readNode(globalId: string, context: GatewayContext, info: GraphQLResolveInfo): Promise<unknown> {
  const decoded = decodeAnyId(globalId)
  if (decoded === null || !mayRead(decoded.typename, context, info)) return null
  const [node] = await resolveNodes(builder, context, info, [decoded])
  return node
}

/** Each node for itself, loaded together all the same: one that fails is an error in its place, and not of all. */
function readNodes(globalIds: readonly string[], context: GatewayContext, info: GraphQLResolveInfo) {
  const reading = globalIds.map((globalId) => readNode(globalId, context, info).catch((error: unknown) => error))
  return Promise.all(reading)
}

builder.queryFields((t) => ({
  node: t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    authScopes: { agent: true },
    complexity: crmCall,
    description: 'Anything by its global ID; null where the caller may see nothing of that id.',
    args: { id: t.arg.id({ required: true, description: 'A global ID.' }) },
    resolve: (_root, { id }, context, info) => readNode(id, context, info),
  }),
  nodes: t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    authScopes: { agent: true },
    complexity: ({ ids }) => ({ ...each(ids), field: ids.length * crmCall.field }),
    description: 'Several of them, in the order asked; null where the caller may see nothing of an id.',
    args: { ids: t.arg.idList({ required: true, description: 'Global IDs.' }) },
    resolve: (_root, { ids }, context, info) => readNodes(ids, context, info),
  }),
}))
