/** Reading the audit log. */
import type { MemberService } from '../members/service.ts'
import { NotAllowedError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import type { AuditEntryRow, AuditFilter, AuditPage, AuditStore } from './store.ts'

export type { AuditEntryRow, AuditPage } from './store.ts'

/** Only for owners who are signed in: the log tells of admins too, and a key acts for a program that any of them made. */
export interface AuditService {
  /** The newest first. @throws NotAllowedError */
  list(viewer: Viewer, filter: AuditFilter, page: AuditPage): Promise<AuditEntryRow[]>
  /** Null where there is none, or where the viewer may read none. */
  find(viewer: Viewer, id: string): Promise<AuditEntryRow | null>
}

export function createAuditService(store: AuditStore, { needOwner }: Pick<MemberService, 'needOwner'>): AuditService {
  const what = 'read the audit log'
  return {
    async list(viewer, filter, page) {
      await needOwner(viewer, what)
      return store.list(viewer.workspaceId, filter, page)
    },
    async find(viewer, id) {
      try {
        await needOwner(viewer, what)
      } catch (error) {
        if (error instanceof NotAllowedError) return null
        throw error
      }
      return store.find(viewer.workspaceId, id)
    },
  }
}
