/** Who else may sign in to a workspace: members, their roles, and invites. */
import { randomBytes } from 'node:crypto'
import { v7 as uuid } from 'uuid'
import type { SecretBox } from '../secrets/secret-box.ts'
import { ConflictError, NotAllowedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import type { Role, Viewer } from '../viewers/viewer.ts'
import { emailFault, toEmail } from './person.ts'
import type { InviteRow, MemberRow, MemberStore, Unchanged } from './store.ts'

export type { InviteRow, MemberRow } from './store.ts'

export interface MemberService {
  /**
   * The caller, who must be an owner in person: a key has no role, and a member who may only administer could make one.
   *
   * @param what it takes an owner for: "invite members"
   * @throws NotAllowedError
   */
  needOwner(viewer: Viewer, what: string): Promise<MemberRow>
  list(viewer: Viewer): Promise<MemberRow[]>
  /** Those that can still be used. */
  listInvites(viewer: Viewer): Promise<InviteRow[]>
  findInvite(viewer: Viewer, id: string): Promise<InviteRow | null>
  /**
   * The link comes back this once. An earlier one to the same address ends.
   *
   * @throws NotAllowedError, ValidationError
   */
  invite(viewer: Viewer, input: { email: string; role: Role }): Promise<{ invite: InviteRow; url: string }>
  /** @throws NotAllowedError, NotFoundError */
  withdrawInvite(viewer: Viewer, id: string): Promise<InviteRow>
  /** @throws NotAllowedError, NotFoundError, ConflictError for the last owner */
  changeRole(viewer: Viewer, userId: string, role: Role): Promise<MemberRow>
  /**
   * Ends the member's sessions and what is open with them, at once here and within a second elsewhere.
   *
   * @throws NotAllowedError, NotFoundError, ConflictError for the last owner
   */
  remove(viewer: Viewer, userId: string): Promise<MemberRow>
}

export interface MemberServiceParts {
  store: MemberStore
  secrets: SecretBox
  /** Ends what was open with an access that is no more. */
  accessChanged(workspaceId: string): Promise<void>
  /** Milliseconds since 1970. */
  now: () => number
  publicUrl: string
}

const INVITE_MS = 7 * 24 * 60 * 60_000

/** What is kept in place of the token of an invite's link. */
export function hashInviteToken(secrets: SecretBox, token: string): string {
  return secrets.hash('invite', token)
}

export function createMemberService(parts: MemberServiceParts): MemberService {
  const { store, secrets, accessChanged, now, publicUrl } = parts

  async function needOwner(viewer: Viewer, what: string): Promise<MemberRow> {
    const member = viewer.userId === null ? null : await store.find(viewer.workspaceId, viewer.userId)
    if (member?.role === 'OWNER') return member
    throw new NotAllowedError(`Only an owner who is signed in may ${what}. Ask an owner of the workspace.`)
  }

  return {
    needOwner,

    list: ({ workspaceId }) => store.list(workspaceId),
    listInvites: ({ workspaceId }) => store.listInvites(workspaceId, new Date(now())),
    findInvite: ({ workspaceId }, id) => store.findInvite(workspaceId, id),

    async invite(viewer, { email: given, role }) {
      const owner = await needOwner(viewer, 'invite members')
      const email = toEmail(given)
      if (email === null) throw invalid(emailFault)
      if (await store.findByEmail(viewer.workspaceId, email)) throw invalid(`${email} is a member already.`)
      const token = randomBytes(32).toString('base64url')
      const createdAt = new Date(now())
      const invite = await store.addInvite(viewer.workspaceId, {
        id: uuid(),
        email,
        role,
        tokenHash: hashInviteToken(secrets, token),
        invitedBy: owner.name,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + INVITE_MS),
      })
      // Behind the number sign, so that no server and no log along the way sees it.
      return { invite, url: `${publicUrl}/admin/join#${token}` }
    },

    async withdrawInvite(viewer, id) {
      await needOwner(viewer, 'withdraw invites')
      const withdrawn = await store.withdrawInvite(viewer.workspaceId, id, new Date(now()))
      if (!withdrawn) throw new NotFoundError('There is no such invite, or it was used, withdrawn or has ended.')
      return withdrawn
    },

    async changeRole(viewer, userId, role) {
      await needOwner(viewer, 'change roles')
      return changed(await store.changeRole(viewer.workspaceId, userId, role))
    },

    async remove(viewer, userId) {
      await needOwner(viewer, 'remove members')
      const removed = changed(await store.remove(viewer.workspaceId, userId))
      await accessChanged(viewer.workspaceId)
      return removed
    },
  }
}

/** @throws NotFoundError, ConflictError */
function changed(result: MemberRow | Unchanged): MemberRow {
  if (result === 'NO_SUCH_MEMBER') throw new NotFoundError('There is no such member in this workspace.')
  if (result === 'LAST_OWNER') {
    throw new ConflictError('A workspace needs an owner, and this is the last one. Make somebody else an owner first.')
  }
  return result
}

function invalid(message: string): ValidationError {
  return new ValidationError([{ path: ['email'], message }])
}
