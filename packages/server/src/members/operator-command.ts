/** What an operator types, and what is said to it. */
import { parseArgs } from 'node:util'
import type { AuditEntryRow } from '../audit/store.ts'
import { ActionableError } from '../shared/errors.ts'
import type { NewSignIn, Operator } from './operator.ts'

const usage = `npm run admin -- <command>

  workspace <name>                        makes a workspace
  owner <email> [--workspace <id|name>]   makes an owner of it, of the only one where none is named
  password <email>                        gives somebody a new password and ends all their sessions
  second-factor off <email>               lets somebody who has lost theirs sign in with the password alone
  audit [--workspace <id|name>]           prints its audit log, an entry a line as JSON, the oldest first

A new password is drawn and shown once; with --stdin it is read from standard input. The data are found as the server
finds them, by BACKCHANNEL_DATA or DATABASE_URL. It makes no difference whether the server runs.`

/** What was typed is no command; its message says why. */
class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What was typed. */
interface Order {
  readonly command: string
  readonly subject: string
  readonly workspace: string | null
  readonly stdin: boolean
}

/** @returns null where only the usage is wanted */
function readOrder(args: string[]): Order | null {
  const { positionals, values } = parse(args)
  if (values.help) return null
  const [command = '', ...words] = positionals
  if (command === 'second-factor' && words.shift() !== 'off') {
    throw new UsageError('A second factor can only be turned off here: "second-factor off <email>".')
  }
  const [subject = '', ...more] = words
  if (!['workspace', 'owner', 'password', 'second-factor', 'audit'].includes(command)) {
    throw new UsageError(command === '' ? 'Name a command.' : `There is no command "${command}".`)
  }
  if (command === 'audit') {
    if (subject !== '' || values.stdin) throw new UsageError('"audit" takes --workspace and nothing else.')
    return { command, subject, workspace: values.workspace ?? null, stdin: false }
  }
  if (subject === '' || more.length > 0) {
    throw new UsageError(`"${command}" takes one ${command === 'workspace' ? 'name: put it in quotes' : 'address'}.`)
  }
  if (values.workspace !== undefined && command !== 'owner') {
    throw new UsageError('--workspace belongs to "owner" and "audit".')
  }
  if (values.stdin && command === 'workspace') throw new UsageError('A workspace has no password.')
  if (values.stdin && command === 'second-factor') throw new UsageError('Turning it off takes no password.')
  return { command, subject, workspace: values.workspace ?? null, stdin: values.stdin }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        workspace: { type: 'string' },
        stdin: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** What is to be said of it, a part after the other. */
async function* obey(operator: Operator, order: Order, readPassword: () => Promise<string>): AsyncGenerator<string> {
  if (order.command === 'audit') {
    for await (const page of operator.readAudit(order.workspace)) yield* page.map(auditLine)
  } else {
    yield await change(operator, order, readPassword)
  }
}

/** @returns what is to be said of it */
async function change(
  operator: Operator,
  { command, subject, workspace, stdin }: Order,
  readPassword: () => Promise<string>,
): Promise<string> {
  if (command === 'workspace') {
    const { id, name } = await operator.addWorkspace(subject)
    return `The workspace "${name}" is made. Its id is ${id}\nIts first owner: npm run admin -- owner <email> --workspace ${id}`
  }
  if (command === 'second-factor') {
    const { email, wasOn } = await operator.endSecondFactor(subject)
    return wasOn
      ? `${email} signs in with the password alone now. They turn the second factor on again on their account page.`
      : `${email} had no second factor.`
  }
  const password = stdin ? (await readPassword()).replace(/\r?\n$/, '') : null
  if (command === 'owner') {
    const made = await operator.addOwner(subject, workspace, password)
    return `${made.email} is an owner of "${made.workspaceName}".${said(made)}`
  }
  const changed = await operator.setPassword(subject, password)
  return `${changed.email} of "${changed.workspaceName}" has a new password, and no session any more.${said(changed)}`
}

/** All but the entry's own id, which nothing outside asks for. */
function auditLine({ at, actor, actorId, action, subject, subjectId, address }: AuditEntryRow): string {
  return JSON.stringify({ at, actor, actorId, action, subject, subjectId, address })
}

function said({ password }: NewSignIn): string {
  return password === null ? '' : `\nPassword (shown this once): ${password}`
}

/** The data are open for as long as a command runs. */
export interface OpenOperator {
  readonly operator: Operator
  close(): Promise<void>
}

/**
 * Runs one command line. Answers what is to be printed, a part after the other: an audit log may be long.
 *
 * @param readPassword reads standard input to its end
 */
export async function* runOperatorCommand(
  args: string[],
  open: () => Promise<OpenOperator>,
  readPassword: () => Promise<string>,
): AsyncGenerator<string> {
  const order = readOrder(args)
  if (order === null) {
    yield usage
    return
  }
  const { operator, close } = await open()
  try {
    yield* obey(operator, order, readPassword)
  } finally {
    await close()
  }
}

/** What an operator is told of a failure that they can act on; null for any other. */
export function operatorSentence(error: unknown): string | null {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`
  return error instanceof ActionableError ? error.message : null
}
