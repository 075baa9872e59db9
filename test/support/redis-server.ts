/** A Redis of a test's own, which can be killed, paused and emptied. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RedisServer {
  readonly url: string
  /** Runs a command that is written in one line; answers what Redis says, as it says it. */
  say(command: string): Promise<string>
  /** As a power cut would. */
  kill(): Promise<void>
  /** Starts it again, empty, at the same address. */
  start(): Promise<void>
  /** It takes connections and answers nothing, until it goes on. */
  pause(): void
  goOn(): void
  stop(): Promise<void>
}

const password = 'a-password-of-the-tests'

export async function startRedis(): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-redis-'))
  const port = await freePort()
  let child: ChildProcess | null = null

  async function start(): Promise<void> {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--requirepass', password]
    child = spawn('redis-server', [...options, '--dir', directory], { stdio: ['ignore', 'pipe', 'inherit'] })
    const output = child.stdout
    const ready = new Promise<void>((resolve, reject) => {
      child?.once('error', () => {
        reject(new Error('The tests need Redis, and there is no redis-server. On Debian: apt-get install redis-server'))
      })
      child?.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)))
      output?.on('data', (text: Buffer) => text.includes('Ready to accept connections') && resolve())
    })
    await ready
  }

  async function kill(): Promise<void> {
    const running = child
    child = null
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = once(running, 'exit')
    running.kill('SIGKILL')
    await gone
  }

  await start()
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    say: (command) => say(port, command),
    kill,
    start,
    pause: () => void child?.kill('SIGSTOP'),
    goOn: () => void child?.kill('SIGCONT'),
    async stop() {
      await kill()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function say(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.end(`AUTH ${password}\r\n${command}\r\nQUIT\r\n`)
  let said = ''
  for await (const text of socket) said += text
  return said.replace(/^\+OK\r\n/, '').replace(/\+OK\r\n$/, '')
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
