/** PostgreSQL's own programs, as they are installed on this machine. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { environmentWith } from '../../env.ts'
import { OperatorError } from '../../shared/operator-error.ts'
import { libpqAddress } from './libpq-address.ts'

const install = (program: string) =>
  `${program} was not found. Install PostgreSQL's client programs, as new as the server or newer (Debian and Ubuntu: ` +
  'apt-get install postgresql-client; macOS: brew install libpq), and put them into PATH.'

export interface ProgramOptions {
  /** The database; its password is told where other users of the machine do not read it. Without it, it works on files alone. */
  readonly url?: string
  /** Ends it before its time. */
  readonly signal?: AbortSignal
}

/**
 * Runs one to its end. It reaches all workspaces.
 *
 * @returns what it wrote
 * @throws OperatorError with what the program said, or that it was stopped
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { url, signal }: ProgramOptions = {},
): Promise<string> {
  const { PGOPTIONS = '' } = environmentWith({})
  const { address, password } = url === undefined ? {} : libpqAddress(url, PGOPTIONS)
  const child = spawn(program, [...args, ...(address === undefined ? [] : [`--dbname=${address}`])], {
    env: environmentWith({ ...(password && { PGPASSWORD: password }) }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const end = () => child.kill()
  signal?.addEventListener('abort', end)
  if (signal?.aborted) end()
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new OperatorError(install(program), { cause: error })))
    child.once('close', resolve)
  })
  try {
    const [wrote, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
    if (code === 0) return wrote
    if (signal?.aborted) throw new OperatorError(`${program} was stopped. What was there is as it was.`)
    throw new OperatorError(`${program} did not come to its end:\n${said.trim()}`)
  } finally {
    signal?.removeEventListener('abort', end)
  }
}
