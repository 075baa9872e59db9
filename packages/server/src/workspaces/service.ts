import { v7 as uuid } from 'uuid'
import type { EventBus } from '../events/bus.ts'
import { ValidationError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { checkVariableName, checkWorkspaceChange, type WorkspaceChange } from './change.ts'
import { isBuiltInChatVariable } from './chat-variables.ts'
import type { WorkspaceRow, WorkspaceStore } from './store.ts'

export type { WorkspaceChange } from './change.ts'
export type { WorkspaceRow } from './store.ts'

export interface WorkspaceService {
  /** Read once and then from memory (ruling 10). */
  get(id: string): Promise<WorkspaceRow>
  /** The first workspace, made under this name where there is none yet. */
  ensureFirst(name: string): Promise<WorkspaceRow>
  /** @throws ValidationError */
  update(viewer: Viewer, change: WorkspaceChange): Promise<WorkspaceRow>
  /**
   * Makes a chat variable known; once more changes nothing.
   *
   * @throws ValidationError
   */
  declareChatVariable(viewer: Viewer, name: string): Promise<WorkspaceRow>
  /** @throws ValidationError where it is built in, not declared, or taken by export fields, which are named */
  removeChatVariable(viewer: Viewer, name: string): Promise<WorkspaceRow>
  close(): void
}

export interface WorkspaceServiceParts {
  store: WorkspaceStore
  events: EventBus
}

export function createWorkspaceService({ store, events }: WorkspaceServiceParts): WorkspaceService {
  const known = new Map<string, Promise<WorkspaceRow>>()
  const close = events.onEvent((event) => {
    if (event.kind === 'WORKSPACE_CHANGED') known.delete(event.workspaceId)
  })

  async function read(id: string): Promise<WorkspaceRow> {
    const workspace = await store.find(id)
    if (!workspace) throw new Error(`There is no workspace ${id}`)
    return workspace
  }

  function get(id: string): Promise<WorkspaceRow> {
    const remembered = known.get(id)
    if (remembered) return remembered
    const reading = read(id)
    known.set(id, reading)
    reading.catch(() => known.get(id) === reading && known.delete(id))
    return reading
  }

  /** Seen at once here, and by the event within a second everywhere else. */
  async function changed(workspaceId: string): Promise<WorkspaceRow> {
    known.delete(workspaceId)
    await events.publish({ workspaceId, kind: 'WORKSPACE_CHANGED' })
    return get(workspaceId)
  }

  return {
    get,
    ensureFirst: async (name) => (await store.findFirst()) ?? store.add(uuid(), name),

    async update({ workspaceId }, change) {
      await store.update(workspaceId, checkWorkspaceChange(change))
      return changed(workspaceId)
    },

    async declareChatVariable({ workspaceId }, name) {
      await store.addChatVariable(workspaceId, checkVariableName(name))
      return changed(workspaceId)
    },

    async removeChatVariable({ workspaceId }, name) {
      if (isBuiltInChatVariable(name)) throw unremovable(`"${name}" is built in: it cannot be removed.`)
      const { isDeclared, users } = await store.removeChatVariable(workspaceId, name)
      if (!isDeclared) throw unremovable(`There is no chat variable "${name}". Case counts.`)
      if (users.length > 0) {
        throw unremovable(
          `"${name}" is used by ${users.join(', ')}. Change or remove ${users.length > 1 ? 'them' : 'it'} first.`,
        )
      }
      return changed(workspaceId)
    },

    close,
  }
}

function unremovable(message: string): ValidationError {
  return new ValidationError([{ path: ['name'], message }])
}
