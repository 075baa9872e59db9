import { GraphQLError, type GraphQLSchema } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { GatewayContext } from '../context.ts'
import type { Logger } from '../shared/logger.ts'
import { createDocuments, type PreparedDocument } from './documents.ts'
import { maskError, maskResult, shown, withoutSuggestions } from './masking.ts'
import { type CreateContext, createSharedSubscriptions } from './shared-subscriptions.ts'

/** The largest request body, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024

export type GraphQLEngine = ReturnType<typeof createGraphQLEngine>

/**
 * Yoga with our documents, limits and masking in it. Its engine (`getEnveloped`) answers ordinary requests; its own HTTP
 * handler answers the rest. The caller's context comes with each request as yoga's server context.
 *
 * @param createContext makes the context in which an event is resolved for all who subscribe to the same
 */
export function createGraphQLEngine(schema: GraphQLSchema, createContext: CreateContext, logger: Logger) {
  return createYoga<GatewayContext>({
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
    plugins: [documentsPlugin(schema, createContext, logger)],
  })
}

function documentsPlugin(schema: GraphQLSchema, createContext: CreateContext, logger: Logger): Plugin<GatewayContext> {
  const documents = createDocuments(schema)
  const subscribe = createSharedSubscriptions(createContext, logger)
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

    onSubscribe({ args, setSubscribeFn }) {
      const { requestId } = args.contextValue
      // It masks what it answers, once for all who share it.
      setSubscribeFn(subscribe)
      return {
        onSubscribeError: ({ error, setError }) => {
          if (error instanceof GraphQLError) setError(maskError(error, requestId, logger))
        },
      }
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
