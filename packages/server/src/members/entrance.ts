/** The two ways in without an account: making the first owner, and following an invite. */
import { timingSafeEqual } from 'node:crypto'
import type { SecretBox } from '../secrets/secret-box.ts'
import { ConflictError, NotAllowedError, NotFoundError } from '../shared/errors.ts'
import type { Role } from '../viewers/viewer.ts'
import type { Passwords } from './password.ts'
import { checkPerson, type Person } from './person.ts'
import { hashInviteToken } from './service.ts'
import type { InviteRow, MemberStore } from './store.ts'

/** Why an invite opens nothing. */
export type ClosedInvite = 'INVITE_UNKNOWN' | 'INVITE_USED' | 'INVITE_WITHDRAWN' | 'INVITE_EXPIRED'

/** What somebody who follows an invite is shown before they join. */
export interface OpenInvite {
  readonly email: string
  readonly role: Role
  readonly workspaceName: string
  readonly invitedBy: string
}

/** Who makes the first owner: somebody at this machine, or with the code that only its log tells. */
export interface FirstRunProof {
  readonly local: boolean
  readonly code: string | null
}

export interface Entrance {
  /** Whether nobody has an account yet. */
  isFirstRun(): Promise<boolean>
  /** The address at which the first owner is made from anywhere; null where there is an account. */
  firstRunUrl(): Promise<string | null>
  /**
   * The id of the user.
   *
   * @throws NotAllowedError, ValidationError, ConflictError where somebody was quicker
   */
  makeFirstOwner(person: Person, proof: FirstRunProof): Promise<string>
  /** Makes the owner whom the environment names, where there is no account yet. Answers whether it did. */
  ensureFirstOwner(owner: { email: string; password: string }): Promise<boolean>
  readInvite(token: string): Promise<OpenInvite | ClosedInvite>
  /**
   * The id of the user.
   *
   * @throws InviteClosedError, ValidationError, ConflictError where the address has an account
   */
  join(token: string, person: Omit<Person, 'email'>): Promise<string>
}

/** An invite that opens nothing any more, or never did. */
export class InviteClosedError extends NotFoundError {
  readonly reason: ClosedInvite

  constructor(reason: ClosedInvite) {
    super(closedSentences[reason])
    this.reason = reason
  }
}

const askAgain = 'Ask an owner of the workspace for a new one.'
const closedSentences: Record<ClosedInvite, string> = {
  INVITE_UNKNOWN: `This is not the link of an invite. Copy all of it, or ask for a new one.`,
  INVITE_USED: 'This invite was used. Sign in with the account that it made.',
  INVITE_WITHDRAWN: `This invite was withdrawn. ${askAgain}`,
  INVITE_EXPIRED: `This invite has expired: invites live for seven days. ${askAgain}`,
}

export interface EntranceParts {
  store: MemberStore
  secrets: SecretBox
  passwords: Pick<Passwords, 'hash'>
  /** Where the first owner belongs. */
  firstWorkspace(): Promise<{ id: string }>
  /** Milliseconds since 1970. */
  now: () => number
  publicUrl: string
}

export function createEntrance(parts: EntranceParts): Entrance {
  const { store, secrets, passwords, firstWorkspace, now, publicUrl } = parts
  const isFirstRun = async () => (await store.countUsers()) === 0

  /** The same on every instance and after a restart; it opens nothing once there is an account. */
  const setupCode = async () => secrets.hash('first-run', (await firstWorkspace()).id)

  async function isProven({ local, code }: FirstRunProof): Promise<boolean> {
    if (local || code === null) return local
    const [given, right] = [code, await setupCode()].map((text) => Buffer.from(secrets.hash('first-run', text)))
    return given !== undefined && right !== undefined && timingSafeEqual(given, right)
  }

  async function addOwner(person: Person): Promise<string | null> {
    const { id } = await firstWorkspace()
    return store.addFirstUser(id, { ...person, passwordHash: await passwords.hash(person.password) })
  }

  return {
    isFirstRun,
    firstRunUrl: async () => ((await isFirstRun()) ? `${publicUrl}/admin/first-run#${await setupCode()}` : null),

    async makeFirstOwner(given, proof) {
      if (!(await isFirstRun())) throw taken()
      if (!(await isProven(proof))) {
        throw new NotAllowedError(
          'The first owner is made on the server itself, or with the link that it wrote into its log when it started.',
        )
      }
      const userId = await addOwner(checkPerson(given))
      if (userId === null) throw taken()
      return userId
    },

    async ensureFirstOwner({ email: given, password }) {
      if (!(await isFirstRun())) return false
      const email = given.toLowerCase()
      const userId = await addOwner({ email, name: email.slice(0, email.indexOf('@')), password })
      return userId !== null
    },

    async readInvite(token) {
      const invite = await store.findInviteByHash(hashInviteToken(secrets, token))
      const closed = whyClosed(invite, now())
      if (invite === null || closed !== null) return closed ?? 'INVITE_UNKNOWN'
      const { email, role, workspaceName, invitedBy } = invite
      return { email, role, workspaceName, invitedBy }
    },

    async join(token, given) {
      const tokenHash = hashInviteToken(secrets, token)
      const invite = await store.findInviteByHash(tokenHash)
      const closed = whyClosed(invite, now())
      if (invite === null || closed !== null) throw new InviteClosedError(closed ?? 'INVITE_UNKNOWN')
      const { name, password } = checkPerson({ ...given, email: invite.email })
      const user = { name, passwordHash: await passwords.hash(password) }
      const added = await store.addInvited(tokenHash, user, new Date(now()))
      if (added === 'NO_INVITE') throw new InviteClosedError('INVITE_USED')
      if (added === 'EMAIL_TAKEN') {
        throw new ConflictError(
          `${invite.email} has an account already, in this workspace or in another. Sign in with it, or ask to be invited at another address.`,
        )
      }
      return added
    },
  }
}

function whyClosed(invite: InviteRow | null, now: number): ClosedInvite | null {
  if (invite === null) return 'INVITE_UNKNOWN'
  if (invite.usedAt) return 'INVITE_USED'
  if (invite.withdrawnAt) return 'INVITE_WITHDRAWN'
  return invite.expiresAt.getTime() <= now ? 'INVITE_EXPIRED' : null
}

function taken(): ConflictError {
  return new ConflictError('The first owner has been made already. Sign in, or ask an owner for an invite.')
}
