/** Somebody who means ill, in a process of its own: asks as fast as it is answered, or sends the hostile corpus again and again. */
import { Pool } from 'undici'
import { graphqlRequests } from '../hostile/graphql-requests.ts'
import { brokenRequests, foreignRequests } from '../hostile/http-requests.ts'
import { sendAll } from '../hostile/send.ts'

export interface FloodOrder {
  kind: 'flood' | 'hostile'
  port: number
  bearer: string
  connections: number
  durationMs: number
}

/** How often each HTTP status was answered. */
export type Statuses = Record<string, number>

async function carryOut({ kind, port, bearer, connections, durationMs }: FloodOrder): Promise<Statuses> {
  const end = performance.now() + durationMs
  const statuses: Statuses = {}
  const note = (status: number | null) => {
    statuses[String(status ?? 'cut')] = (statuses[String(status ?? 'cut')] ?? 0) + 1
  }
  if (kind === 'hostile') {
    const corpus = [...brokenRequests(bearer), ...foreignRequests(bearer), ...graphqlRequests(bearer)]
    while (performance.now() < end) {
      const answers = await sendAll(corpus.slice(0, 400), port, { atOnce: connections, patienceMs: 5_000 })
      for (const { status } of answers) note(status)
    }
    return statuses
  }
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` }
  const body = JSON.stringify({ query: '{ viewer { kind } }' })
  const caller = async () => {
    while (performance.now() < end) {
      const answer = await pool.request({ path: '/graphql', method: 'POST', headers, body })
      await answer.body.dump()
      note(answer.statusCode)
    }
  }
  await Promise.all(Array.from({ length: connections }, caller))
  await pool.close()
  return statuses
}

process.on('message', (order: FloodOrder) => {
  carryOut(order).then(
    (statuses) => process.send?.({ statuses }),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
