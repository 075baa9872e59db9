/** What an operator does from a shell: workspaces, owners, new passwords. The server may run meanwhile. */
import { text } from 'node:stream/consumers'
import { withOperatorAudit } from './audit/audited-operator.ts'
import { createAuditStore } from './audit/store.ts'
import { createAuditTrail } from './audit/trail.ts'
import { openDatabase } from './database/index.ts'
import { ConfigurationError, readEnv } from './env.ts'
import { createOperator, type Operator } from './members/operator.ts'
import { operatorSentence, runOperatorCommand } from './members/operator-command.ts'
import { passwords } from './members/password.ts'
import { createMemberStore } from './members/store.ts'
import { createWorkspaceStore } from './workspaces/store.ts'

async function withOperator(work: (operator: Operator) => Promise<string>): Promise<string> {
  const { prisma, close } = await openDatabase(readEnv().databaseUrl)
  try {
    const audit = createAuditStore(prisma)
    const stores = { members: createMemberStore(prisma), workspaces: createWorkspaceStore(prisma), audit }
    const operator = createOperator({ ...stores, passwords })
    return await work(withOperatorAudit(operator, createAuditTrail(audit, Date.now)))
  } finally {
    await close()
  }
}

function sentenceFor(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message
  const stack = error instanceof Error ? error.stack : undefined
  return operatorSentence(error) ?? stack ?? String(error)
}

try {
  const said = await runOperatorCommand(process.argv.slice(2), withOperator, () => text(process.stdin))
  process.stdout.write(`${said}\n`)
} catch (error) {
  process.stderr.write(`${sentenceFor(error)}\n`)
  process.exitCode = 1
}
