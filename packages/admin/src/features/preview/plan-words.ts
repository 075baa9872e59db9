/** The steps of a plan in a person's words. Pure. */
import type { OriginKind, PlanStepKind } from '../../graphql/generated/graphql.ts'
import type { SettingsSection } from './section-link.tsx'

interface Step {
  readonly kind: PlanStepKind
  /** The CRM's own name; NOTE and TASK for a note and a task of either CRM. */
  readonly entityName: string
  readonly target?: { readonly name?: string | null } | null
}

/** @param labelOf what agents call an entity type, by the CRM's own name */
export function titleOf({ kind, entityName, target }: Step, labelOf: (name: string) => string): string {
  const record = target === undefined || target === null ? 'the new record' : (target.name ?? 'the record')
  const activity = activityNames[entityName] ?? `activity ${entityName}`
  switch (kind) {
    case 'CREATE_RECORD':
      return `Make a new record: ${labelOf(entityName)}`
    case 'UPDATE_RECORD':
      return `Write fields of ${record}`
    case 'CREATE_ACTIVITY':
      return `Make a new ${activity} on ${record}`
    case 'EXTEND_ACTIVITY':
      return `Bring the ${activity} on ${record} up to date`
    case 'CLOSE_ACTIVITY':
      return `Mark the ${activity} as completed`
    case 'SKIP':
      return `Nothing for ${record}`
  }
}

const activityNames: Readonly<Record<string, string>> = { NOTE: 'note', TASK: 'task' }

/** Where in the settings a value comes from; null: from no setting of one's own. */
export function sectionOf(kind: OriginKind, settingId: string | null): SettingsSection | null {
  if (kind === 'KEPT') return settingId === null ? null : 'backend-fields'
  return sections[kind]
}

const sections: Record<Exclude<OriginKind, 'KEPT'>, SettingsSection | null> = {
  DEFAULT: 'default-fields',
  INPUT: 'export-fields',
  CONSTANT: 'export-fields',
  CHAT_VARIABLE: 'export-fields',
  BACKEND_INPUT: 'backend-fields',
  BACKEND_CONSTANT: 'backend-fields',
  VISITOR: null,
  SYSTEM: null,
}

/** What agents call an entity type, by the CRM's own name. */
export function labelIn(tabs: readonly { label: string; entityType: { name: string } }[], name: string): string {
  return tabs.find(({ entityType }) => entityType.name === name)?.label ?? name
}
