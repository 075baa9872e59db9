/** A server whose operations take their time, and what a test can see of them. */
import { createSchema } from 'graphql-yoga'
import { startTestServer, type TestServer, type TestServerOptions } from './http.ts'

interface Seen {
  /** Operations that wait, each with the signal that ends it. */
  waits: { signal: AbortSignal }[]
  /** What answers each `slow` that was asked for. */
  answers: ((text: string) => void)[]
  /** How many results `large` was asked for. */
  taken: number
}

export interface StreamingServer extends TestServer {
  readonly seen: Seen
}

export async function startStreamingServer(options: TestServerOptions = {}): Promise<StreamingServer> {
  const seen: Seen = { waits: [], answers: [], taken: 0 }
  return { ...(await startTestServer(createStreamingSchema(seen), {}, options)), seen }
}

function createStreamingSchema(seen: Seen) {
  return createSchema<{ signal: AbortSignal }>({
    typeDefs: `
    type Query { hello: String! fail: String! slow: String! }
    type Mutation { shout(text: String!): String! }
    type Subscription { count(to: Int = 3): Int! wait: Int! large: String! breaks: Int! }
  `,
    resolvers: {
      Query: {
        hello: () => 'world',
        fail: () => {
          throw new Error('The password is swordfish')
        },
        slow: (_root, _args, { signal }) =>
          new Promise((resolve, reject) => {
            seen.waits.push({ signal })
            seen.answers.push(resolve)
            signal.addEventListener('abort', () => reject(new Error('aborted')))
          }),
      },
      Mutation: { shout: (_root, { text }: { text: string }) => text.toUpperCase() },
      Subscription: {
        count: {
          async *subscribe(_root, { to }: { to: number }) {
            for (let count = 1; count <= to; count++) yield { count }
          },
        },
        wait: {
          async *subscribe(_root, _args, { signal }) {
            seen.waits.push({ signal })
            yield { wait: 1 }
            await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
          },
        },
        large: {
          async *subscribe(_root, _args, { signal }) {
            for (; !signal.aborted; seen.taken++) yield { large: 'x'.repeat(64 * 1024) }
          },
        },
        breaks: {
          async *subscribe() {
            yield { breaks: 1 }
            throw new Error('The password is swordfish')
          },
        },
      },
    },
  })
}
