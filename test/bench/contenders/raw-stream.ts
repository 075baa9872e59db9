/** The limit: one frame that is there already, in a loop over sockets. */
import { createServer, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const frame = process.argv[2] ?? ''
const chunk = Buffer.from(`${Buffer.byteLength(frame).toString(16)}\r\n${frame}\r\n`)
const sockets = new Set<Socket>()

function subscribe(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(':\n\n')
  const { socket } = response
  if (!socket) return
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
}

const server = createServer((request, response) => {
  request.resume()
  if (request.url !== '/publish') return subscribe(response)
  for (const socket of sockets) socket.write(chunk)
  response.end()
})
server.listen(0, '127.0.0.1', 4_096, () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' && address ? address.port : 0 })
})
process.on('disconnect', () => process.exit(0))
