import { GraphQLError, type GraphQLSchema } from 'graphql'
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga'
import type { GatewayContext } from '../context.ts'
import type { Logger } from '../shared/logger.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { createDocuments, type Documents, type PreparedDocument } from './documents.ts'
import { type KnownOperations, noKnownOperations } from './known-operations.ts'
import type { Limits } from './limit-values.ts'
import { maskResult, withoutSuggestions } from './masking.ts'
import { type ObserveOperation, unobservedOperation } from './observe.ts'
import type { RateLimits } from './rate-limits.ts'
import { needsStream } from './refusal.ts'
import { type CreateContext, createSharedSubscriptions, type Subscribe } from './shared-subscriptions.ts'

export interface GraphQLEngine extends Pick<YogaServerInstance<GatewayContext, object>, 'getEnveloped'> {
  /** What holds for every way in. */
  readonly limits: Limits
  readonly known: KnownOperations
  readonly createContext: CreateContext
  /**
   * Counts the characters of a document that is not remembered: parsing and checking it is work.
   *
   * @throws Refusal with 429
   */
  admit(viewer: Viewer, query: string): Promise<void>
  readonly observe: ObserveOperation
  /** Answers subscriptions, without what yoga would wrap around each result for each subscriber. */
  subscribe: Subscribe
}

export interface GraphQLEngineParts {
  schema: GraphQLSchema
  /** Makes the context of an operation, and the one in which an event is resolved for all who subscribe to the same. */
  createContext: CreateContext
  limits: Limits
  rates: Pick<RateLimits, 'countDocument'>
  known?: KnownOperations | undefined
  /** Told of every operation. */
  observe?: ObserveOperation
  logger: Logger
}

/**
 * Yoga's engine (`getEnveloped`), with our documents, limits and masking in it. Its HTTP handler is not used: the endpoint has
 * one of its own.
 */
export function createGraphQLEngine(parts: GraphQLEngineParts): GraphQLEngine {
  const {
    schema,
    createContext,
    limits,
    rates,
    known = noKnownOperations,
    observe = unobservedOperation,
    logger,
  } = parts
  const documents = createDocuments(schema, limits, known, observe.documentAsked)
  const preparedOf = new WeakMap<object, PreparedDocument>()
  const yoga = createYoga<GatewayContext>({
    schema,
    logging: false,
    // The documents below do both.
    parserAndValidationCache: false,
    plugins: [documentsPlugin(documents, preparedOf, logger)],
  })
  const subscribe = createSharedSubscriptions(createContext, limits.answerBytes, logger)
  return {
    limits,
    known,
    createContext,
    async admit(viewer, query) {
      if (!documents.remembers(query)) await rates.countDocument(viewer, query.length)
    },
    observe,
    getEnveloped: yoga.getEnveloped,
    async subscribe(args) {
      const { operationName, variableValues: variables } = args
      const tooDear = preparedOf.get(args.document)?.checkCost({ operationName, variables })
      return tooDear ? { errors: [tooDear] } : subscribe(args)
    },
  }
}

function documentsPlugin(
  documents: Documents,
  preparedOf: WeakMap<object, PreparedDocument>,
  logger: Logger,
): Plugin<GatewayContext> {
  return {
    onParse({ params, setParsedDocument }) {
      const prepared = documents.prepare(String(params.source))
      if (!prepared.document) throw new AggregateError(prepared.errors)
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
      setExecuteFn(async () => {
        const tooDear = prepared.checkCost({ operationName, variables })
        if (tooDear) return { errors: [tooDear] }
        return maskResult(await prepared.run({ operationName, variables, context }), context.requestId, logger)
      })
    },

    // Yoga's own handler would open streams that nobody watches over: those are ours.
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async () => ({ errors: [needsStream()] }))
    },
  }
}

function introspectionRefused(): GraphQLError {
  return new GraphQLError('The schema is shown to ADMIN keys and signed-in admins.', {
    extensions: { code: 'FORBIDDEN' },
  })
}
