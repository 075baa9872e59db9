/** A PostgreSQL of one's own for a while: for tests, and for the command that makes migrations. */
import { execFileSync, spawn } from 'node:child_process'
import { chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { PrismaPg } from '@prisma/adapter-pg'

/** A server with an empty data directory, that nobody else reaches. */
export interface ThrowawayPostgresql {
  /**
   * The address of one of its databases; `postgres` is there from the beginning.
   *
   * @param user one that may make databases, where it is not given; `postgres` may do all
   */
  url(database: string, user?: string): string
  /** Ends it as a power cut would: what was committed stays in the directory. */
  kill(): Promise<void>
  /** Starts it again on the same directory. */
  start(): Promise<void>
  /** Ends it, and removes all that it kept. */
  stop(): Promise<void>
}

const MISSING =
  "PostgreSQL's server was not found. Install it (Debian and Ubuntu: apt-get install postgresql; macOS: brew install " +
  'postgresql), or put its pg_config into PATH.'

const SUPERUSER = 'postgres'

/** What nobody needs who throws all of it away afterwards. */
const HASTY = [
  ...['fsync=off', 'full_page_writes=off', 'shared_buffers=64MB', 'max_connections=200', 'listen_addresses='],
  // Transactions that wait for each other are found out at once: a few such waits of a second each outlast a transaction.
  'deadlock_timeout=50ms',
]

/**
 * Starts one, in a new folder and on a socket inside of it.
 *
 * @param settings further lines of its configuration, `name=value`
 * @throws Error with a sentence that says what to install where there is none
 */
export async function startThrowawayPostgresql(settings: readonly string[] = []): Promise<ThrowawayPostgresql> {
  const binaries = await findBinaries()
  const user = unprivileged()
  // Its socket lies beside the data: the server shuts all others out of the folder of its data.
  const directory = await mkdtemp(join(tmpdir(), 'bc-pg-'))
  const data = join(directory, 'data')
  await mkdir(data)
  if (user) for (const path of [directory, data]) await chown(path, user.uid, user.gid)
  const options = { ...user, cwd: directory }
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', SUPERUSER, '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...options, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const configuration = [...HASTY, `unix_socket_directories=${directory}`, ...settings]

  async function start() {
    const server = spawn(join(binaries, 'postgres'), ['-D', data, ...configuration.flatMap((line) => ['-c', line])], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000)
    })
    const ended = new Promise<void>((resolve) => void server.once('exit', () => resolve()))
    const isReady = () => said.includes('database system is ready to accept connections')
    while (!isReady()) {
      if (server.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${said}`)
      await wait(20)
    }
    const kill = () => server.kill('SIGQUIT')
    process.once('exit', kill)
    return {
      async end(signal: 'SIGINT' | 'SIGQUIT') {
        process.off('exit', kill)
        server.kill(signal)
        await ended
      },
    }
  }

  let running: Awaited<ReturnType<typeof start>> | null = await start()
  const url = (database: string, user = 'backchannel') =>
    `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(directory)}`
  // Row-level security does not hold superusers, so that whoever tests is none.
  await runSql(
    url('postgres', SUPERUSER),
    'CREATE ROLE backchannel LOGIN CREATEDB; ALTER DATABASE postgres OWNER TO backchannel',
  )
  async function end(signal: 'SIGINT' | 'SIGQUIT') {
    const before = running
    running = null
    await before?.end(signal)
  }
  return {
    url,
    kill: () => end('SIGQUIT'),
    async start() {
      running ??= await start()
    },
    async stop() {
      await end('SIGINT')
      await rm(directory, { recursive: true })
    },
  }
}

/** Runs a statement on PostgreSQL that no client runs: it makes or removes a database. */
export async function runSql(url: string, sql: string): Promise<void> {
  const connection = await new PrismaPg({ connectionString: url, max: 1 }).connect()
  try {
    await connection.executeScript(sql)
  } finally {
    await connection.dispose()
  }
}

/** The folder of the newest server's programs. */
async function findBinaries(): Promise<string> {
  const versions = async (folder: string) =>
    (await readdir(folder).catch(() => []))
      .sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10))
      .map((version) => join(folder, version, 'bin'))
  const candidates = [told() ?? [], await versions('/usr/lib/postgresql')].flat()
  for (const folder of candidates) {
    const names = await readdir(folder).catch((): string[] => [])
    if (names.includes('initdb') && names.includes('postgres')) return folder
  }
  throw new Error(MISSING)
}

/** The folder that the `pg_config` in PATH names; null where there is none. */
function told(): string | null {
  try {
    return execFileSync('pg_config', ['--bindir'], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
  } catch {
    return null
  }
}

/** PostgreSQL refuses to be run by root: it runs as the user that its package made, or as nobody. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (user: string, flag: string) =>
    Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }))
  for (const user of ['postgres', 'nobody']) {
    try {
      return { uid: idOf(user, '-u'), gid: idOf(user, '-g') }
    } catch {
      // There is no such user; the next one will do.
    }
  }
  throw new Error('PostgreSQL refuses to be run by root, and there is no user "postgres" or "nobody" to run it')
}
