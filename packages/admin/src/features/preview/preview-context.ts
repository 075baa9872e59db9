import { createContext, useContext } from 'react'
import type { PreviewInput } from '../../graphql/generated/graphql.ts'

export const views = ['SEARCH', 'CREATE', 'TAG', 'MATCH'] as const
export type View = (typeof views)[number]

/** A record that would be tagged. */
export interface ChosenRecord {
  readonly id: string
  readonly name: string
}

interface PreviewState {
  readonly integrationId: string
  /** The settings with what is unsaved, and the conversation. */
  readonly input: PreviewInput
  /** What is to be tagged. */
  readonly chosen: readonly ChosenRecord[]
  readonly choose: (records: readonly ChosenRecord[]) => void
  /** What is tagged until somebody chooses: the first that a search found. */
  readonly suggest: (record: ChosenRecord | null) => void
  readonly show: (view: View) => void
}

export const PreviewContext = createContext<PreviewState | null>(null)

/** What the preview is of; only below `PreviewPanel`. */
export function usePreviewState(): PreviewState {
  const state = useContext(PreviewContext)
  if (state === null) throw new Error('No preview is shown here')
  return state
}
