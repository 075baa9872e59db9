import { createContext, useContext } from 'react'
import type { SettingsLayout_IntegrationFragment } from '../../graphql/generated/graphql.ts'
import type { EditBase } from './edit-base.ts'
import type { SettingsDocument } from './settings-document.ts'

/** What is being edited and not yet saved, as a change of the document that is in force. */
export type DocumentChange = (document: SettingsDocument) => SettingsDocument

interface Settings {
  /** Holds the fragment of every section. */
  integration: SettingsLayout_IntegrationFragment
  /** What is in force. */
  document: SettingsDocument
  /** Tells the preview, and the guard against leaving, what is unsaved; null: nothing. */
  setUnsaved: (change: DocumentChange | null) => void
  /** Knows whether somebody else changed what the unsaved edits began with. */
  editBase: EditBase
  /** Reads all of it anew; ends when it is there. */
  reload: () => Promise<void>
}

export const SettingsContext = createContext<Settings | null>(null)

/** The settings that the page is about; only below `SettingsLayout`. */
export function useSettings(): Settings {
  const settings = useContext(SettingsContext)
  if (settings === null) throw new Error('No settings are shown here')
  return settings
}
