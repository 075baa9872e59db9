/** The audit log around what whoever runs the server does to members and workspaces. */
import type { Entrance } from '../members/entrance.ts'
import type { Operator } from '../members/operator.ts'
import { encodeId } from '../shared/global-id.ts'
import type { AuditTrail } from './trail.ts'

export function withOperatorAudit(operator: Operator, trail: AuditTrail): Operator {
  return {
    ...operator,
    async addWorkspace(given) {
      const made = await operator.addWorkspace(given)
      const subjectId = encodeId('Workspace', made.id)
      await trail.noteOperator(made.id, { action: 'WORKSPACE_CREATED', subject: made.name, subjectId })
      return made
    },
    async addOwner(...given) {
      const made = await operator.addOwner(...given)
      await trail.noteOperatorOn(made, 'MEMBER_JOINED')
      return made
    },
    async setPassword(...given) {
      const changed = await operator.setPassword(...given)
      await trail.noteOperatorOn(changed, 'PASSWORD_CHANGED')
      return changed
    },
    async endSecondFactor(email) {
      const ended = await operator.endSecondFactor(email)
      if (ended.wasOn) await trail.noteOperatorOn(ended, 'SECOND_FACTOR_TURNED_OFF')
      return ended
    },
  }
}

/** The ways in that sign somebody in are told of by what signs them in. */
export function withEntranceAudit(entrance: Entrance, trail: AuditTrail): Entrance {
  return {
    ...entrance,
    async ensureFirstOwner(owner) {
      const isMade = await entrance.ensureFirstOwner(owner)
      if (isMade) await trail.noteOperatorOn({ email: owner.email.toLowerCase() }, 'MEMBER_JOINED')
      return isMade
    },
  }
}
