/** GraphQL Yoga with its own publish and subscribe, and nothing else on: one execution for each subscriber and event. */
import { createServer } from 'node:http'
import { createPubSub, createSchema, createYoga } from 'graphql-yoga'

interface Event {
  id: string
  at: string
  message: { id: string; author: string; text: string }
}

const event = JSON.parse(process.argv[2] ?? '{}') as Event
const pubSub = createPubSub<{ event: [Event] }>()
const yoga = createYoga({
  logging: false,
  schema: createSchema({
    typeDefs: /* GraphQL */ `
      type Message { id: ID! author: String! text: String! }
      type Event { id: ID! at: String! message: Message! }
      type Query { nothing: String }
      type Subscription { conversationEvents: Event! }
    `,
    resolvers: {
      Subscription: {
        conversationEvents: { subscribe: () => pubSub.subscribe('event'), resolve: (published: Event) => published },
      },
    },
  }),
})

const server = createServer((request, response) => {
  if (request.url !== '/publish') return void yoga(request, response)
  request.resume()
  pubSub.publish('event', event)
  response.end()
})
server.listen(0, '127.0.0.1', 4_096, () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 })
})
process.on('disconnect', () => process.exit(0))
