/** The schema builder: plugins, context and scalars. It imports no domain. */
import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import ErrorsPlugin from '@pothos/plugin-errors'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import type { GatewayContext } from './context.ts'
import { inPage, USUAL_LIST } from './cost.ts'
import type PrismaTypes from './generated/pothos.ts'
import { getDatamodel } from './generated/pothos.ts'
import { forbidden } from './shared/forbidden.ts'

export interface BuilderTypes {
  Context: GatewayContext
  PrismaTypes: PrismaTypes
  DefaultFieldNullability: false
  AuthScopes: { admin: boolean; service: boolean; agent: boolean }
  Scalars: {
    ID: { Input: string; Output: string | number }
    DateTime: { Input: Date; Output: Date | string }
    URL: { Input: string; Output: string }
    JSON: { Input: unknown; Output: unknown }
  }
}

export const builder = new SchemaBuilder<BuilderTypes>({
  plugins: [ComplexityPlugin, ErrorsPlugin, ScopeAuthPlugin, PrismaPlugin, RelayPlugin],
  defaultFieldNullability: false,
  // Looked at before anything runs, by the way into the API (`http/operation-cost.ts`).
  complexity: { disabled: true, defaultComplexity: 1, defaultListMultiplier: USUAL_LIST },
  scopeAuth: {
    /** ADMIN holds SERVICE holds AGENT. Root fields name the least that they need; the rest follows from what they answer. */
    authScopes: (context) => ({
      admin: context.viewer.scopes.includes('ADMIN'),
      service: context.viewer.scopes.includes('SERVICE'),
      agent: context.viewer.scopes.includes('AGENT'),
    }),
    authorizeOnSubscribe: true,
    unauthorizedError: (_parent, _context, info) => forbidden(`${info.parentType.name}.${info.fieldName}`),
  },
  prisma: {
    // Tests bring their own client, so that it comes with the request.
    client: (context) => context.prisma,
    dmmf: getDatamodel(),
    exposeDescriptions: false,
    filterConnectionTotalCount: true,
  },
  // `node` and `nodes` are ours (`nodes.ts`): a forged id answers as not found.
  relay: {
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    idFieldOptions: { description: 'The global ID, the same for as long as the thing is there.' },
    nodeTypeOptions: { description: 'Anything that can be read again by its global ID.' },
    pageInfoTypeOptions: { description: 'Where a page stands among its neighbours.' },
    hasNextPageFieldOptions: { description: 'Whether more follows.' },
    hasPreviousPageFieldOptions: { description: 'Whether something comes before.' },
    startCursorFieldOptions: { description: 'The cursor of the first of the page.' },
    endCursorFieldOptions: { description: 'The cursor of the last: ask `after` it for the next page.' },
    pageInfoFieldOptions: { description: 'Where the page stands among its neighbours.' },
    edgesFieldOptions: { description: 'What the page holds, each with its cursor.', complexity: inPage },
    nodeFieldOptions: { description: 'The thing itself.' },
    cursorFieldOptions: { description: 'Where it stands: ask `after` it for what follows.' },
    firstArgOptions: { description: 'How many to answer, from the beginning or behind `after`.' },
    afterArgOptions: { description: 'Only what stands behind this cursor.' },
    lastArgOptions: { description: 'How many to answer, from the end or before `before`.' },
    beforeArgOptions: { description: 'Only what stands before this cursor.' },
  },
})

builder.queryType({ description: 'Everything that can be read.' })
builder.mutationType({
  description: 'Everything that can be changed. Each answers a union of its success and of the failures it can meet.',
})
builder.subscriptionType({
  description: 'What happens, as it happens. Resume with `after`, the id of the last event seen.',
})
