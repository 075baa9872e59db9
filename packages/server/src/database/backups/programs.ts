/** PostgreSQL's own programs, as they are installed on this machine. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { environmentWith } from '../../env.ts'
import { BackupError } from './backup-error.ts'

const install = (program: string) =>
  `${program} was not found. Install PostgreSQL's client programs, as new as the server or newer (Debian and Ubuntu: ` +
  'apt-get install postgresql-client; macOS: brew install libpq), and put them into PATH.'

/**
 * Runs one to its end. It reaches all workspaces.
 *
 * @param url the database; its password is told where other users of the machine do not read it
 * @throws BackupError with what the program said
 */
export async function runProgram(program: string, args: readonly string[], url: string): Promise<void> {
  const address = new URL(url)
  const password = decodeURIComponent(address.password)
  address.password = ''
  const child = spawn(program, [...args, `--dbname=${address}`], {
    env: environmentWith({ PGOPTIONS: '-c backchannel.workspace=*', ...(password !== '' && { PGPASSWORD: password }) }),
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new BackupError(install(program), { cause: error })))
    child.once('close', resolve)
  })
  const [said, code] = await Promise.all([text(child.stderr), ended])
  if (code !== 0) throw new BackupError(`${program} did not come to its end:\n${said.trim()}`)
}
