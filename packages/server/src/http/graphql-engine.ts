import { GraphQLError, type GraphQLSchema } from 'graphql'
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga'
import type { GatewayContext } from '../context.ts'
import type { Logger } from '../shared/logger.ts'
import { createDocuments, type PreparedDocument } from './documents.ts'
import { maskResult, shown, withoutSuggestions } from './masking.ts'
import { needsStream } from './refusal.ts'
import { type CreateContext, createSharedSubscriptions, type Subscribe } from './shared-subscriptions.ts'

/** The largest request body, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024

export interface GraphQLEngine extends Pick<YogaServerInstance<GatewayContext, object>, 'getEnveloped'> {
  /** Answers what we have no way of our own for, with the caller's context as yoga's server context. */
  fetch(request: Request, context: GatewayContext): Promise<Response>
  /** Answers subscriptions, without what yoga would wrap around each result for each subscriber. */
  subscribe: Subscribe
}

/**
 * Yoga with our documents, limits and masking in it. Its engine (`getEnveloped`) answers ordinary requests; its own HTTP
 * handler answers the rest.
 *
 * @param createContext makes the context in which an event is resolved for all who subscribe to the same
 */
export function createGraphQLEngine(
  schema: GraphQLSchema,
  createContext: CreateContext,
  logger: Logger,
): GraphQLEngine {
  const yoga = createYoga<GatewayContext>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    graphiql: false,
    cors: false,
    multipart: false,
    batching: false,
    logging: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    // The documents below do both.
    parserAndValidationCache: false,
    plugins: [documentsPlugin(schema, logger)],
  })
  return {
    getEnveloped: yoga.getEnveloped,
    fetch: async (request, context) => yoga.fetch(request, context),
    subscribe: createSharedSubscriptions(createContext, logger),
  }
}

function documentsPlugin(schema: GraphQLSchema, logger: Logger): Plugin<GatewayContext> {
  const documents = createDocuments(schema)
  const preparedOf = new WeakMap<object, PreparedDocument>()

  return {
    onParse({ params, setParsedDocument }) {
      const prepared = documents.prepare(String(params.source))
      if (!prepared.document) throw new AggregateError(prepared.errors.map(withStatus))
      preparedOf.set(prepared.document, prepared)
      setParsedDocument(prepared.document)
    },

    onValidate({ params, context, setResult }) {
      const prepared = preparedOf.get(params.documentAST)
      // Without one, yoga validates by itself: the document did not come as text.
      if (!prepared) return
      const isAdmin = context.viewer.scopes.includes('ADMIN')
      const errors = isAdmin ? prepared.errors : prepared.errors.map(withoutSuggestions)
      setResult(prepared.introspects && !isAdmin ? [introspectionRefused()] : errors)
    },

    onExecute({ args, setExecuteFn }) {
      const prepared = preparedOf.get(args.document)
      if (!prepared) return
      const { operationName, variableValues: variables, contextValue: context } = args
      setExecuteFn(async () =>
        maskResult(await prepared.run({ operationName, variables, context }), context.requestId, logger),
      )
    },

    // Yoga's own handler would open streams that nobody watches over: those are ours.
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async () => ({ errors: [needsStream()] }))
    },
  }
}

/** Tells yoga which status a document that cannot be read has; yoga keeps it to itself. */
function withStatus(error: GraphQLError): GraphQLError {
  return shown(error, error.message, { ...error.extensions, http: { spec: true, status: 400 } })
}

function introspectionRefused(): GraphQLError {
  return new GraphQLError('The schema is shown to ADMIN keys and signed-in admins.', {
    extensions: { code: 'FORBIDDEN' },
  })
}
