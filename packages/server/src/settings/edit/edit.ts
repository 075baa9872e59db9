/** What a change of settings is: a pure function from what is in force to what shall be. */
import { type FieldType, type ProviderDescriptor, providerDefinitions } from '@backchannel/providers'
import { type SettingFieldType, settingFieldTypes } from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import { ValidationError } from '../../shared/errors.ts'
import type { SettingsDraft } from '../draft.ts'

export const settingsSections = [
  'CONNECTION',
  'INTEGRATION',
  'DEFAULT_FIELDS',
  'ENTITIES',
  'EXPORT',
  'SEARCH',
  'DETAIL',
  'BACKEND',
] as const
export type SettingsSection = (typeof settingsSections)[number]

/** What a fault is about: a row of a section, or the settings themselves (INTEGRATION). */
export interface Subject {
  readonly section: SettingsSection
  /** Row id. */
  readonly id: string
}

/** One change that an admin asks for. */
export interface SettingsEdit {
  /** Under which it is recorded. */
  readonly section: SettingsSection
  /** All that it changes, where that may be several or none. */
  readonly sections?: readonly SettingsSection[]
  /** For people: "Added the export field Industry". */
  readonly summary: string
  /** What was added or changed, by its row id; null where it is not one row. */
  readonly changedId: string | null
  readonly draft: SettingsDraft
  /** The input that a fault is shown at: `path` leads into the subject. */
  readonly place: (subject: Subject, path: readonly string[]) => readonly string[]
  /** What names something that the org does not have: refused, or kept and marked as broken (restoring). */
  readonly misfits?: 'REFUSE' | 'MARK'
}

/** @throws ValidationError, NotFoundError or NotAllowedError where it cannot be done to what is in force */
export type Edit = (draft: SettingsDraft, integration: IntegrationSnapshot) => SettingsEdit

export function descriptorOf({ provider }: Pick<IntegrationSnapshot, 'provider'>): ProviderDescriptor {
  return providerDefinitions[provider].descriptor
}

/** Of an edit whose inputs, below `root`, make one subject: what it breaks elsewhere is shown at the root. */
export function placeAt(root: readonly string[], id: string): SettingsEdit['place'] {
  return (subject, path) => (subject.id === id ? [...root, ...path] : root)
}

// ------------------------------------------------------------------------------------------------ inputs as they are kept

/** Trimmed; blank is nothing. */
export function text(given: string | null | undefined): string | null {
  return given?.trim() || null
}

/** @throws ValidationError at `path` for a type that only metadata knows */
export function settingType(given: FieldType, path: readonly string[]): SettingFieldType {
  const type = settingFieldTypes.find((it) => it === given)
  if (type === undefined) throw new ValidationError([{ path, message: `A setting cannot be of the type ${given}.` }])
  return type
}
