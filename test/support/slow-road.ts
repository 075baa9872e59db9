/** A road to a server on which what is sent takes as long as a test says, and does not overtake what was sent before. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export interface SlowRoad {
  readonly port: number
  /** From now on what is sent to the server arrives so many milliseconds later; answers come at once. */
  delay(ms: number): void
  /** How many have come to it so far. */
  taken(): number
  close(): Promise<void>
}

export async function startSlowRoad(to: number): Promise<SlowRoad> {
  let delayMs = 0
  let taken = 0
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    taken += 1
    const far = connect(to, '127.0.0.1')
    let last: Promise<unknown> = Promise.resolve()
    near.on('data', (bytes) => {
      // It is on its way beside what was sent before, and does not overtake it.
      last = Promise.all([last, delayMs > 0 && wait(delayMs)]).then(() => far.write(bytes))
    })
    far.pipe(near)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    delay(ms) {
      delayMs = ms
    },
    taken: () => taken,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
