/** A Redis of a test's own, which can be killed, paused and emptied. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
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
  let port = drawPort()
  let child: ChildProcess | null = null
  const killAtOnce = () => void child?.kill('SIGKILL')

  async function start(): Promise<void> {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--requirepass', password]
    const started = spawn('redis-server', [...options, '--dir', directory], { stdio: ['ignore', 'pipe', 'inherit'] })
    child = started
    process.once('exit', killAtOnce)
    started.once('exit', () => process.off('exit', killAtOnce))
    await new Promise<void>((resolve, reject) => {
      let said = ''
      started.once('error', () => {
        reject(new Error('The tests need Redis, and there is no redis-server. On Debian: apt-get install redis-server'))
      })
      started.once('close', (code) => reject(new RedisEndedError(`redis-server ended with ${code}:\n${said}`)))
      started.stdout.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-10_000)
        if (said.includes('Ready to accept connections')) resolve()
      })
    })
  }

  async function startSomewhere(attempts: number): Promise<void> {
    try {
      await start()
    } catch (error) {
      if (attempts <= 1 || !(error instanceof RedisEndedError)) throw error
      // Somebody else may have the port.
      port = drawPort()
      await startSomewhere(attempts - 1)
    }
  }

  async function kill(): Promise<void> {
    const running = child
    child = null
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = once(running, 'exit')
    running.kill('SIGKILL')
    await gone
  }

  await startSomewhere(10)
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

class RedisEndedError extends Error {
  override readonly name = 'RedisEndedError'
}

/** Below those that systems give to whoever asks for no certain one, so that it is free still after a `kill`. */
function drawPort(): number {
  return randomInt(12_000, 32_000)
}
