/** A way to a PostgreSQL on which everything can come to a standstill, as behind a cable that was pulled out. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface WayToPostgresql {
  /** The address of the same database by this way. */
  readonly url: string
  /** From now on nothing gets through, and nobody is told so. */
  cutOff(): void
  /** All that was on its way arrives. */
  letThrough(): void
  /** Nothing gets through any more on the connections that are open, and nobody is told so; others are opened as before. */
  forget(): void
  close(): Promise<void>
}

/** @param url of a server that listens on a socket in a folder, as throwaway ones do */
export async function startWayToPostgresql(url: string): Promise<WayToPostgresql> {
  const target = new URL(url)
  const socketIn = (folder: string) => join(folder, '.s.PGSQL.5432')
  const behind = socketIn(target.searchParams.get('host') ?? '')
  const directory = await mkdtemp(join(tmpdir(), 'bc-way-'))
  const sockets = new Set<Socket>()
  let isCut = false

  function carry(from: Socket, to: Socket): void {
    sockets.add(from)
    from.on('data', (data) => to.write(data))
    from.on('error', () => {})
    from.once('close', () => {
      sockets.delete(from)
      to.destroy()
    })
    if (isCut) from.pause()
  }
  const server = createServer((client) => {
    const database = createConnection(behind)
    carry(client, database)
    carry(database, client)
  })
  await new Promise<void>((resolve) => server.listen(socketIn(directory), resolve))
  target.searchParams.set('host', directory)
  return {
    url: target.href,
    cutOff() {
      isCut = true
      for (const socket of sockets) socket.pause()
    },
    letThrough() {
      isCut = false
      for (const socket of sockets) socket.resume()
    },
    forget() {
      for (const socket of sockets) socket.pause()
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
      await rm(directory, { recursive: true, force: true })
    },
  }
}
