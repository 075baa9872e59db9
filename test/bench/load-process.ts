/** A caller in a process of its own, so that it costs the servers nothing but the machine. */
import { type LoadRequest, runLoad } from './load.ts'

export interface LoadOrder {
  request: LoadRequest
  concurrency: number
  durationMs: number
}

async function carryOut({ request, concurrency, durationMs }: LoadOrder): Promise<void> {
  try {
    const before = process.cpuUsage()
    const result = await runLoad(request, concurrency, durationMs)
    const { user, system } = process.cpuUsage(before)
    process.send?.({ ...result, cpuUs: user + system })
  } catch (error) {
    process.send?.({ error: String(error) })
  }
}

process.on('message', (order: LoadOrder) => void carryOut(order))
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
