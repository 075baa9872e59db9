/** Thousands of subscribers on plain sockets, in a process of their own: when the first, half and all were told. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface SubscribeOrder {
  port: number
  subscribers: number
  /** The bytes of the HTTP request that subscribes. */
  request: string
}

/** Milliseconds of the machine's monotonic clock, which all processes share. */
export interface Received {
  first: number
  half: number
  all: number
}

const AT_ONCE = 100
const NEXT = 'event: next'

let sockets: Socket[] = []
let received = 0
let moments: Partial<Received> = {}
let tell: ((received: Received) => void) | undefined

const clock = () => Number(process.hrtime.bigint()) / 1e6

function take(chunk: Buffer): void {
  for (let at = chunk.indexOf(NEXT); at >= 0; at = chunk.indexOf(NEXT, at + NEXT.length)) received += 1
  moments.first ??= clock()
  if (received * 2 >= sockets.length) moments.half ??= clock()
  if (received < sockets.length) return
  const { first, half = first } = moments
  tell?.({ first, half: half ?? first, all: clock() })
  tell = undefined
}

async function subscribe({ port, subscribers, request }: SubscribeOrder): Promise<void> {
  while (sockets.length < subscribers) {
    const batch = Array.from({ length: Math.min(AT_ONCE, subscribers - sockets.length) }, async () => {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(request)
      let head = ''
      while (!head.includes('\r\n\r\n')) head += String((await once(socket, 'data'))[0])
      if (!head.startsWith('HTTP/1.1 200')) throw new Error(`No subscription: ${head.slice(0, 300)}`)
      socket.on('data', take)
      return socket
    })
    sockets.push(...(await Promise.all(batch)))
  }
}

async function carryOut(order: SubscribeOrder | 'arm' | 'leave'): Promise<void> {
  if (order === 'arm') {
    received = 0
    moments = {}
    tell = (told) => process.send?.(told)
    process.send?.('armed')
    return
  }
  if (order === 'leave') {
    for (const socket of sockets) socket.destroy()
    sockets = []
  } else {
    await subscribe(order)
  }
  process.send?.({ subscribed: sockets.length })
}

process.on('message', (order: SubscribeOrder | 'arm' | 'leave') => {
  carryOut(order).catch((error: unknown) => process.send?.({ error: String(error) }))
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
