/** Which settings a check is of, and what it leaves on them. Pure. */
import type { Checked } from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import {
  backendMembers,
  differenceOf,
  documentOf,
  entityTypeMembers,
  exportMembers,
  shownMembers,
} from '../document.ts'
import type { Subject } from '../edit/edit.ts'
import { fieldListNames, fieldLists } from '../edit/field-list.ts'
import type { SettingFault } from './fault.ts'

/** Everything that metadata has a say in, with what it says. */
export function subjectsOf(integration: IntegrationSnapshot): (Subject & { content: string })[] {
  const { settings, entityTypes, defaultFields } = integration
  const contents = {
    exportFields: settings.exportFields.map((it) => ({ id: it.id, content: exportMembers(it, it.entityTypeId) })),
    searchFields: settings.searchFields.map((it) => ({ id: it.id, content: shownMembers(it, it.entityTypeId) })),
    detailFields: settings.detailFields.map((it) => ({ id: it.id, content: shownMembers(it, it.entityTypeId) })),
    backendFields: settings.backendFields.map((it) => ({ id: it.id, content: backendMembers(it, it.entityTypeId) })),
  }
  const text = JSON.stringify
  return [
    { section: 'INTEGRATION', id: settings.id, content: text(generalMembers(integration)) },
    ...entityTypes.map((it) => ({ section: 'ENTITIES' as const, id: it.id, content: text(entityTypeMembers(it)) })),
    ...defaultFields.map(({ id, required, showOnForm }) => ({
      section: 'DEFAULT_FIELDS' as const,
      id,
      content: text({ required, showOnForm }),
    })),
    ...fieldListNames.flatMap((list) =>
      contents[list].map(({ id, content }) => ({ section: fieldLists[list].section, id, content: text(content) })),
    ),
  ]
}

/** What a change adds or alters. */
export function changedSubjects(before: IntegrationSnapshot, after: IntegrationSnapshot): Subject[] {
  const known = new Map(subjectsOf(before).map(({ id, content }) => [id, content]))
  return subjectsOf(after).filter(({ id, content }) => known.get(id) !== content)
}

/** Whether a change has touched what the fault is about: of the settings that are no list, each stands for itself. */
export function isOfChange(before: IntegrationSnapshot, after: IntegrationSnapshot): (fault: SettingFault) => boolean {
  const { after: changed } = differenceOf(documentOf(before), documentOf(after))
  return ({ subject, path: [member = ''] }) =>
    subject.section !== 'INTEGRATION' ||
    member in changed ||
    (member === 'activityTypeName' && 'chatsSaveTo' in changed)
}

function generalMembers(integration: IntegrationSnapshot) {
  const { entityTypes: _e, defaultFields: _d, exportFields: _x, searchFields: _s, ...rest } = documentOf(integration)
  const { detailFields: _t, backendFields: _b, ...general } = rest
  return general
}

// ------------------------------------------------------------------------------------------------ what it leaves

/** By the id of the row. */
export type Checks = ReadonlyMap<string, Checked>

/** @param now for what has just broken */
export function verdict(faults: readonly SettingFault[], before: Checked | undefined, now: Date): Checked {
  if (faults.length === 0) return { check: 'OK', problem: null, brokenSince: null }
  const problem = [...new Set(faults.map(({ message }) => message))].join(' ')
  return { check: 'BROKEN', problem, brokenSince: before?.brokenSince ?? now }
}

export const unchecked: Checked = { check: 'UNCHECKED', problem: null, brokenSince: null }

export function checkedOf(integration: IntegrationSnapshot): Checks {
  const { settings, entityTypes, defaultFields } = integration
  const rows = [settings, ...entityTypes, ...defaultFields, ...fieldListNames.flatMap((list) => [...settings[list]])]
  return new Map(rows.map(({ id, check, problem, brokenSince }) => [id, { check, problem, brokenSince }]))
}

/** Rows that `checks` does not name keep what they have, and so do default fields: no change says anything of what the org has of them. */
export function withChecks(integration: IntegrationSnapshot, checks: Checks): IntegrationSnapshot {
  const mark = <T extends Checked & { id: string }>(row: T): T => ({ ...row, ...checks.get(row.id) })
  const { settings } = integration
  return {
    ...integration,
    entityTypes: integration.entityTypes.map(mark),
    settings: {
      ...mark(settings),
      exportFields: settings.exportFields.map(mark),
      searchFields: settings.searchFields.map(mark),
      detailFields: settings.detailFields.map(mark),
      backendFields: settings.backendFields.map(mark),
    },
  }
}
