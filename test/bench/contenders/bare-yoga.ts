/**
 * GraphQL Yoga with nothing on: no viewer, no limits, no settings; a hand-written resolver asks the upstream and renames
 * the columns. What the gateway is compared with.
 */
import { createServer } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'
import { Pool } from 'undici'

interface Order {
  origin: string
  path: string
  headers: Record<string, string>
}

interface Row {
  contactid: string
  fullname: string
  telephone1: string | null
  emailaddress1: string | null
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order
const pool = new Pool(order.origin, { connections: 128 })

async function search() {
  const { body } = await pool.request({ path: order.path, method: 'GET', headers: order.headers })
  const { value } = (await body.json()) as { value: Row[] }
  return {
    hits: value.map((row) => ({
      matchedBy: 'PHONE',
      exact: true,
      record: {
        id: row.contactid,
        name: row.fullname,
        phone: row.telephone1,
        email: row.emailaddress1,
        url: `${order.origin}/main.aspx?etn=contact&id=${row.contactid}&pagetype=entityrecord`,
      },
    })),
  }
}

const yoga = createYoga({
  logging: false,
  schema: createSchema({
    typeDefs: /* GraphQL */ `
      type Record { id: ID! name: String! phone: String email: String url: String! }
      type Hit { matchedBy: String! exact: Boolean! record: Record! }
      type Answer { hits: [Hit!]! }
      type Query { search(phone: String!): Answer! }
    `,
    resolvers: { Query: { search } },
  }),
})

const server = createServer((request, response) => void yoga(request, response))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 })
})
process.on('disconnect', () => process.exit(0))
