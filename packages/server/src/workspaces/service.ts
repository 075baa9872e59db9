import { v7 as uuid } from 'uuid'
import type { WorkspaceRow, WorkspaceStore } from './store.ts'

export type { WorkspaceRow } from './store.ts'

export interface WorkspaceService {
  /** Read once and then from memory (ruling 10). */
  get(id: string): Promise<WorkspaceRow>
  /** The first workspace, made under this name where there is none yet. */
  ensureFirst(name: string): Promise<WorkspaceRow>
}

export function createWorkspaceService(store: WorkspaceStore): WorkspaceService {
  const known = new Map<string, Promise<WorkspaceRow>>()

  async function read(id: string): Promise<WorkspaceRow> {
    const workspace = await store.find(id)
    if (!workspace) throw new Error(`There is no workspace ${id}`)
    return workspace
  }

  return {
    get(id) {
      const remembered = known.get(id)
      if (remembered) return remembered
      const reading = read(id)
      known.set(id, reading)
      reading.catch(() => known.delete(id))
      return reading
    },
    ensureFirst: async (name) => (await store.findFirst()) ?? store.add(uuid(), name),
  }
}
