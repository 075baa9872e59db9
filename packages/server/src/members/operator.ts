/** What whoever runs the server may do without signing in: it takes the database, and needs no server to run. */
import { v7 as uuid } from 'uuid'
import type { AuditEntryRow, AuditStore } from '../audit/store.ts'
import { ConflictError, NotFoundError, ValidationError } from '../shared/errors.ts'
import { checkWorkspaceChange } from '../workspaces/change.ts'
import { FIRST_WORKSPACE } from '../workspaces/first-workspace.ts'
import type { WorkspaceRow, WorkspaceStore } from '../workspaces/store.ts'
import { drawPassword, fitsAsPassword, type Passwords } from './password.ts'
import { emailFault, passwordFault, toEmail } from './person.ts'
import type { MemberStore } from './store.ts'

/** Somebody who has a password now: `password` where it was drawn here, null where it was given. */
export interface NewSignIn {
  readonly email: string
  readonly workspaceName: string
  readonly password: string | null
}

export interface Operator {
  /** @throws ValidationError */
  addWorkspace(name: string): Promise<{ id: string; name: string }>
  /**
   * @param workspace its id or its name; null: the only one there is
   * @param password null: one is drawn
   * @throws ValidationError, NotFoundError, ConflictError
   */
  addOwner(email: string, workspace: string | null, password: string | null): Promise<NewSignIn>
  /**
   * Every session of the user ends, within a second also in a server that runs.
   *
   * @param password null: one is drawn
   * @throws ValidationError, NotFoundError
   */
  setPassword(email: string, password: string | null): Promise<NewSignIn>
  /**
   * Sessions stay as they are.
   *
   * @throws ValidationError, NotFoundError
   */
  endSecondFactor(email: string): Promise<{ email: string; wasOn: boolean }>
  /**
   * The audit log of a workspace, a page at a time, the oldest entries first.
   *
   * @param workspace its id or its name; null: the only one there is
   * @throws NotFoundError, ConflictError
   */
  readAudit(workspace: string | null): AsyncGenerator<readonly AuditEntryRow[]>
}

export interface OperatorParts {
  members: MemberStore
  workspaces: WorkspaceStore
  audit: Pick<AuditStore, 'list'>
  passwords: Pick<Passwords, 'hash'>
}

export function createOperator({ members, workspaces, audit, passwords }: OperatorParts): Operator {
  async function findWorkspace(idOrName: string | null): Promise<Pick<WorkspaceRow, 'id' | 'name'>> {
    const all = await workspaces.list()
    const found = idOrName === null ? all : all.filter(({ id, name }) => id === idOrName || name === idOrName)
    const [only] = found
    if (only && found.length === 1) return only
    if (all.length === 0 && idOrName === null) return workspaces.add(uuid(), FIRST_WORKSPACE)
    if (all.length === 0) {
      throw new NotFoundError('There is no workspace yet. Leave --workspace out, and the first one is made.')
    }
    const names = all.map(({ id, name }) => `  ${id}  ${name}`).join('\n')
    if (found.length === 0) throw new NotFoundError(`There is no workspace "${idOrName}". There are:\n${names}`)
    throw new ConflictError(`Say by --workspace and its id which one is meant:\n${names}`)
  }

  return {
    async addWorkspace(given) {
      const { name = '' } = checkWorkspaceChange({ name: given })
      const { id } = await workspaces.add(uuid(), name)
      return { id, name }
    },

    async addOwner(given, idOrName, password) {
      const email = readEmail(given)
      const chosen = readPassword(password)
      const workspace = await findWorkspace(idOrName)
      const user = { name: email.slice(0, email.indexOf('@')), email, passwordHash: await passwords.hash(chosen) }
      if ((await members.addUser(workspace.id, 'OWNER', user)) === null) {
        throw new ConflictError(
          `${email} has an account already. An owner can change their role in the app; "password ${email}" sets a new password.`,
        )
      }
      return { email, workspaceName: workspace.name, password: password === null ? chosen : null }
    },

    async setPassword(given, password) {
      const email = readEmail(given)
      const chosen = readPassword(password)
      const workspaceName = await members.setPassword(email, await passwords.hash(chosen))
      if (workspaceName === null) throw nobody(email)
      return { email, workspaceName, password: password === null ? chosen : null }
    },

    async endSecondFactor(given) {
      const email = readEmail(given)
      const wasOn = await members.endSecondFactor(email)
      if (wasOn === null) throw nobody(email)
      return { email, wasOn }
    },

    async *readAudit(idOrName) {
      const { id } = await findWorkspace(idOrName)
      const all = { action: null, actor: null, from: null, until: null }
      let before: string | undefined
      do {
        const page = await audit.list(id, all, { before, limit: AUDIT_PAGE, inverted: true })
        yield page
        before = page.at(-1)?.id
      } while (before !== undefined)
    },
  }
}

function nobody(email: string): NotFoundError {
  return new NotFoundError(`Nobody signs in as ${email}. Check the address.`)
}

const AUDIT_PAGE = 500

function readEmail(text: string): string {
  const email = toEmail(text)
  if (email === null) throw new ValidationError([{ path: ['email'], message: emailFault }])
  return email
}

function readPassword(given: string | null): string {
  if (given === null) return drawPassword()
  if (!fitsAsPassword(given)) throw new ValidationError([{ path: ['password'], message: passwordFault }])
  return given
}
