/** What whoever runs a gateway does at a shell, in this process. */
import { withOperatorAudit } from '../../packages/server/src/audit/audited-operator.ts'
import { createAuditStore } from '../../packages/server/src/audit/store.ts'
import { createAuditTrail } from '../../packages/server/src/audit/trail.ts'
import { createOperator } from '../../packages/server/src/members/operator.ts'
import { runOperatorCommand } from '../../packages/server/src/members/operator-command.ts'
import { createMemberStore } from '../../packages/server/src/members/store.ts'
import { quickPasswords } from '../../packages/server/src/testing/quick-passwords.ts'
import { createWorkspaceStore } from '../../packages/server/src/workspaces/store.ts'
import type { RunningGateway } from './running-gateway.ts'
import { type SignedIn, signIn } from './signing-in.ts'

/** What they are told. */
export async function operate({ database }: RunningGateway, ...args: string[]): Promise<string> {
  const audit = createAuditStore(database)
  const stores = {
    members: createMemberStore(database),
    workspaces: createWorkspaceStore(database),
    audit,
    passwords: quickPasswords,
  }
  const operator = withOperatorAudit(createOperator(stores), createAuditTrail(audit, Date.now))
  const opened = async () => ({ operator, close: async () => {} })
  const said: string[] = []
  for await (const part of runOperatorCommand(args, opened, async () => '')) said.push(part)
  return said.join('\n')
}

/** A new owner of a workspace, signed in. */
export async function addOwner(gateway: RunningGateway, email: string, workspace: string): Promise<SignedIn> {
  const said = await operate(gateway, 'owner', email, '--workspace', workspace)
  return signIn(gateway, { email, password: /once\): (\S+)/.exec(said)?.[1] ?? '' })
}
