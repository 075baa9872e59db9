import { connect } from 'node:net'
import type { HostileRequest } from './request-text.ts'

export interface HostileAnswer {
  readonly name: string
  /** All that came back until the connection ended. */
  readonly text: string
  /** Null where it was cut without an answer. */
  readonly status: number | null
  /** The connection was still open when we gave up. */
  readonly hung: boolean
  /** From the connection to the whole answer or the cut, in milliseconds. */
  readonly ms: number
}

/** Sends the bytes and reads until an answer is whole, or the server has ended the connection. */
function send({ name, bytes }: HostileRequest, port: number, patienceMs: number): Promise<HostileAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const begun = performance.now()
    const socket = connect(port, '127.0.0.1')
    const end = (hung: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      const text = Buffer.concat(chunks).toString('latin1')
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]
      resolve({ name, text, status: status === undefined ? null : Number(status), hung, ms: performance.now() - begun })
    }
    const timer = setTimeout(() => end(true), patienceMs)
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (isWhole(Buffer.concat(chunks).toString('latin1'))) end(false)
    })
    // A server that refuses a large body resets the connection while we still send it.
    socket.on('error', () => {})
    socket.once('close', () => end(false))
    socket.write(bytes)
  })
}

function isWhole(text: string): boolean {
  const bodyAt = text.indexOf('\r\n\r\n') + 4
  const length = /^content-length: (\d+)/im.exec(text.slice(0, bodyAt))?.[1]
  return bodyAt >= 4 && length !== undefined && text.length >= bodyAt + Number(length)
}

/** Sends all of them, so many at a time. */
export async function sendAll(
  requests: readonly HostileRequest[],
  port: number,
  { atOnce, patienceMs }: { atOnce: number; patienceMs: number },
): Promise<HostileAnswer[]> {
  const answers: HostileAnswer[] = []
  let next = 0
  const worker = async () => {
    for (let request = requests[next++]; request; request = requests[next++]) {
      answers.push(await send(request, port, patienceMs))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return answers
}

/** Sends one byte after the other for as long as the server takes them; answers what it said at last. */
export function drip(start: string, byte: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    const timer = setInterval(() => socket.write(byte), 100)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      text += String(chunk)
    })
    socket.once('close', () => {
      clearInterval(timer)
      resolve(text)
    })
    socket.write(start)
  })
}
