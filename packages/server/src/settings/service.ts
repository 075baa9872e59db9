/**
 * Settings are changed here, in one way: read what is in force, edit it as plain data, check it, keep it with a record of
 * the change. Everything else reads them from memory.
 */
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { Viewer } from '../viewers/viewer.ts'
import type { Edit } from './edit/edit.ts'

export { type Edit, type SettingsSection, settingsSections } from './edit/edit.ts'

export interface SettingsChanged {
  readonly integration: IntegrationSnapshot
  readonly changedId: string | null
  /** What was saved and still asks for a look: "Notes cannot be closed: choose Task". */
  readonly warnings: readonly string[]
}

export interface SettingsService {
  /**
   * @param edit one of `edit/`: what is in force → what shall be
   * @throws ConflictError where `expectedVersion` is not the one in force; ValidationError where the result is not
   *   sound or names what the org does not have; what `edit` throws; CrmError where the org could not be asked
   */
  change(viewer: Viewer, integrationId: string, expectedVersion: number, edit: Edit): Promise<SettingsChanged>
  /** All settings as one readable document, without ids. */
  exportDocument(viewer: Viewer, integrationId: string): Promise<unknown>
  importDocument(
    viewer: Viewer,
    integrationId: string,
    expectedVersion: number,
    document: unknown,
  ): Promise<SettingsChanged>
  /** Back to what they were right after that change, as a new change (ruling 20). */
  restore(viewer: Viewer, changeId: string, expectedVersion: number): Promise<SettingsChanged>
  /** The integration as it would be with these settings; nothing is kept. For previews. */
  tryOut(viewer: Viewer, integrationId: string, document: unknown): Promise<SettingsChanged>
  /** Ends listening and waits for checks under way. */
  close(): Promise<void>
}
