/**
 * Pothos, Prisma and Yoga with nothing of the product: what the stack itself costs until its first answer. Settings are
 * read once with Prisma and then kept in memory.
 */
import { createServer } from 'node:http'
import SchemaBuilder from '@pothos/core'
import PrismaPlugin from '@pothos/plugin-prisma'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { createYoga } from 'graphql-yoga'
import { Pool } from 'undici'
import type PrismaTypes from '../../../packages/server/src/generated/pothos.ts'
import { getDatamodel } from '../../../packages/server/src/generated/pothos.ts'
import { PrismaClient } from '../../../packages/server/src/generated/prisma/client.ts'

interface Order {
  origin: string
  path: string
  headers: Record<string, string>
  database: string
}

interface Row {
  contactid: string
  fullname: string
  telephone1: string | null
  emailaddress1: string | null
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order
const pool = new Pool(order.origin, { connections: 128 })
const prisma = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: order.database }) })
const settingsLists = {
  defaultFields: true,
  exportFields: true,
  searchFields: true,
  detailFields: true,
  backendFields: true,
} as const
let settings: Promise<unknown> | undefined

const builder = new SchemaBuilder<{ PrismaTypes: PrismaTypes }>({
  plugins: [PrismaPlugin],
  prisma: { client: () => prisma, dmmf: getDatamodel() },
  // The server's own builder makes this option one of every builder in the program; without the plugin it does nothing.
  scopeAuth: { authScopes: () => ({}) },
})
const RecordRef = builder.objectRef<Row>('Record').implement({
  fields: (t) => ({
    id: t.exposeID('contactid'),
    name: t.exposeString('fullname'),
    phone: t.exposeString('telephone1', { nullable: true }),
    email: t.exposeString('emailaddress1', { nullable: true }),
    url: t.string({
      resolve: (row) => `${order.origin}/main.aspx?etn=contact&id=${row.contactid}&pagetype=entityrecord`,
    }),
  }),
})
const HitRef = builder.objectRef<Row>('Hit').implement({
  fields: (t) => ({
    matchedBy: t.string({ resolve: () => 'PHONE' }),
    exact: t.boolean({ resolve: () => true }),
    record: t.field({ type: RecordRef, resolve: (row) => row }),
  }),
})
const AnswerRef = builder.objectRef<{ value: Row[] }>('Answer').implement({
  fields: (t) => ({ hits: t.field({ type: [HitRef], resolve: ({ value }) => value }) }),
})
builder.queryType({
  fields: (t) => ({
    search: t.field({
      type: AnswerRef,
      args: { phone: t.arg.string({ required: true }) },
      resolve: async () => {
        settings ??= prisma.integration.findMany({
          include: { entityTypes: true, settings: { include: settingsLists } },
        })
        await settings
        const { body } = await pool.request({ path: order.path, method: 'GET', headers: order.headers })
        return (await body.json()) as { value: Row[] }
      },
    }),
  }),
})

const yoga = createYoga({ logging: false, schema: builder.toSchema() })
const server = createServer((request, response) => void yoga(request, response))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 })
})
process.on('disconnect', () => process.exit(0))
