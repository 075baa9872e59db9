/** One piece of metadata: what it shows, and what `$expand` can bring. */
import { stableGuid } from '../values.ts'

export interface MetadataItem {
  /** `EntityMetadata`, `PicklistAttributeMetadata`, … */
  type: string
  members: Readonly<Record<string, unknown>>
  /** Undefined for a name that it does not have. */
  expand?: (name: string) => MetadataItem | MetadataItem[] | null | undefined
}

/** A label in the org's one language; none at all for an empty text. */
export function labelOf(text: string): Record<string, unknown> {
  if (text === '') return { LocalizedLabels: [], UserLocalizedLabel: null }
  const label = {
    Label: text,
    LanguageCode: 1033,
    IsManaged: true,
    MetadataId: stableGuid(`label/${text}`),
    HasChanged: null,
  }
  return { LocalizedLabels: [label], UserLocalizedLabel: label }
}
