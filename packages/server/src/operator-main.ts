/** What an operator does from a shell: workspaces, owners, new passwords. The server may run meanwhile. */
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { withOperatorAudit } from './audit/audited-operator.ts'
import { createAuditStore } from './audit/store.ts'
import { createAuditTrail } from './audit/trail.ts'
import { openDatabase } from './database/index.ts'
import { readEnv } from './env.ts'
import { failureText } from './failure-text.ts'
import { createOperator } from './members/operator.ts'
import { type OpenOperator, operatorSentence, runOperatorCommand } from './members/operator-command.ts'
import { passwords } from './members/password.ts'
import { createMemberStore } from './members/store.ts'
import { createWorkspaceStore } from './workspaces/store.ts'

async function open(): Promise<OpenOperator> {
  const { prisma, close } = await openDatabase(readEnv().databaseUrl)
  const audit = createAuditStore(prisma)
  const stores = { members: createMemberStore(prisma), workspaces: createWorkspaceStore(prisma), audit }
  const operator = createOperator({ ...stores, passwords })
  return { operator: withOperatorAudit(operator, createAuditTrail(audit, Date.now)), close }
}

async function* lines(): AsyncGenerator<string> {
  for await (const said of runOperatorCommand(process.argv.slice(2), open, () => text(process.stdin))) yield `${said}\n`
}

/** Whoever reads what is printed has seen enough, as `head` has. */
const isUnread = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EPIPE'

try {
  // It is read from the database no faster than somebody takes it.
  await pipeline(lines, process.stdout, { end: false })
} catch (error) {
  if (!isUnread(error)) {
    process.stderr.write(`${operatorSentence(error) ?? failureText(error)}\n`)
    process.exitCode = 1
  }
}
