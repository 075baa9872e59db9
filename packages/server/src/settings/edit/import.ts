/** A settings document as a change: rows that go by the same names stay the same rows. */
import type { DefaultFieldSnapshot, EntityTypeSnapshot } from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import { type FieldError, ValidationError } from '../../shared/errors.ts'
import { differenceOf, documentOf, type SettingsDocument } from '../document.ts'
import type { ReadDocument } from '../document-reader.ts'
import { type SettingsDraft, withDraft } from '../draft.ts'
import { backendField } from './backend-fields.ts'
import type { Edit, SettingsSection, Subject } from './edit.ts'
import { isFixed, newEntityType, positioned, primaryFieldIsFixed, usersOf } from './entities.ts'
import { exportField } from './export-fields.ts'
import { type FieldLists, fieldListNames, fieldLists } from './field-list.ts'
import { withGeneral } from './general.ts'
import { numbered } from './rows.ts'
import { shownField } from './shown-fields.ts'

export interface ImportOptions {
  readonly summary: string
  /** Where the document stands among the inputs. */
  readonly path: readonly string[]
  readonly misfits: 'REFUSE' | 'MARK'
}

export function importDocument(document: ReadDocument, { summary, path, misfits }: ImportOptions): Edit {
  return (draft, integration) => {
    const reading = createReading(path)
    const imported = readInto(document, draft, integration, reading)
    const sections = sectionsOf(integration, imported)
    const [only, ...others] = sections
    return {
      // Several go under the section that is no list.
      section: only && others.length === 0 ? only : 'INTEGRATION',
      sections,
      summary,
      changedId: null,
      draft: imported,
      place: reading.place,
      misfits,
    }
  }
}

/** Faults found on the way, and where in the document each row stands. */
function createReading(root: readonly string[]) {
  const faults: FieldError[] = []
  const places = new Map<string, readonly string[]>()
  return {
    faults,
    fault: (path: readonly string[], message: string) => void faults.push({ path: [...root, ...path], message }),
    put: (id: string, path: readonly string[]) => void places.set(id, [...root, ...path]),
    place: ({ section, id }: Subject, path: readonly string[]): readonly string[] => {
      const own = section === 'INTEGRATION' ? root : places.get(id)
      const list = fieldListNames.find((it) => fieldLists[it].section === section)
      // A document names entity types, where rows have their ids.
      const named = path.map((member) => (member === 'entityTypeId' ? 'entityType' : member))
      return own ? [...own, ...named] : [...root, ...(list ? [list] : [])]
    },
    root,
  }
}
type Reading = ReturnType<typeof createReading>

function readInto(
  document: ReadDocument,
  draft: SettingsDraft,
  integration: IntegrationSnapshot,
  reading: Reading,
): SettingsDraft {
  const entityTypes = document.entityTypes
    ? readEntityTypes(document.entityTypes, draft, integration, reading)
    : draft.entityTypes
  /** '' where there is none of that name: the fault says so. */
  const idOf = (name: string, path: readonly string[]): string => {
    const found = entityTypes.find((it) => it.name === name)
    if (found === undefined)
      reading.fault([...path, 'entityType'], `There is no entity type ${name} in these settings.`)
    return found?.id ?? ''
  }
  const pushes = {
    ...(document.autoSmsPush && { autoSmsPush: smsPush(document.autoSmsPush, idOf) }),
    ...(document.autoChatPush && { autoChatPush: chatPush(document.autoChatPush, idOf) }),
  }
  const { autoSmsPush: _, autoChatPush: __, ...general } = document
  const imported: SettingsDraft = {
    ...withGeneral(draft, { ...general, ...pushes }),
    entityTypes,
    defaultFields: readDefaultFields(document.defaultFields ?? [], draft, reading),
    exportFields: readList('exportFields', document.exportFields, draft.exportFields, reading, (row, path, find) => {
      const entityTypeId = idOf(row.entityType, path)
      return exportField(integration, { ...row, entityTypeId }, find({ ...row, entityTypeId }))
    }),
    searchFields: readShownFields('searchFields', document.searchFields, draft, reading, idOf),
    detailFields: readShownFields('detailFields', document.detailFields, draft, reading, idOf),
    backendFields: readList(
      'backendFields',
      document.backendFields,
      draft.backendFields,
      reading,
      (row, path, find) => {
        const entityTypeId = row.entityType == null ? null : idOf(row.entityType, path)
        return backendField({ ...row, entityTypeId }, find({ ...row, entityTypeId }), [...reading.root, ...path])
      },
    ),
  }
  for (const { id, kind, displayName } of draft.entityTypes) {
    const users = entityTypes.some((it) => it.id === id) || kind !== 'CUSTOM' ? [] : usersOf(imported, id)
    if (users.length === 0) continue
    const message = `${displayName} is used by ${users.join(', ')}. Leave it in, or leave them out as well.`
    reading.fault(['entityTypes'], message)
  }
  if (reading.faults.length > 0) throw new ValidationError(reading.faults)
  return imported
}

type IdOf = (name: string, path: readonly string[]) => string

function smsPush({ entityType, ...push }: NonNullable<ReadDocument['autoSmsPush']>, idOf: IdOf) {
  return { ...push, entityTypeId: entityType == null ? null : idOf(entityType, ['autoSmsPush']) }
}

function chatPush({ rules, ...push }: NonNullable<ReadDocument['autoChatPush']>, idOf: IdOf) {
  return {
    ...push,
    rules: rules.map(({ entityType, ...rule }, index) => ({
      ...rule,
      entityTypeId: idOf(entityType, ['autoChatPush', 'rules', String(index)]),
    })),
  }
}

function readEntityTypes(
  rows: NonNullable<ReadDocument['entityTypes']>,
  draft: SettingsDraft,
  integration: IntegrationSnapshot,
  reading: Reading,
): EntityTypeSnapshot[] {
  const taken = new Set<string>()
  const read = rows.map((row, index): EntityTypeSnapshot => {
    const before = draft.entityTypes.find(({ id, name }) => name === row.name && !taken.has(id))
    const made = newEntityType(integration.id, row, index)
    if (before && isFixed(before, row.primaryField)) {
      reading.fault(['entityTypes', String(index), 'primaryField'], primaryFieldIsFixed(before))
    }
    const entityType = before ? { ...made, id: before.id, kind: before.kind } : made
    taken.add(entityType.id)
    reading.put(entityType.id, ['entityTypes', String(index)])
    return entityType
  })
  for (const { id, kind, name } of draft.entityTypes) {
    if (kind !== 'CUSTOM' && !taken.has(id)) {
      reading.fault(
        ['entityTypes'],
        `${name} is missing: every integration has it. Its search and creation can be off.`,
      )
    }
  }
  const firstAdded = read.findIndex(({ kind }) => kind === 'CUSTOM')
  if (firstAdded >= 0 && read.slice(firstAdded).some(({ kind }) => kind !== 'CUSTOM')) {
    reading.fault(['entityTypes'], 'Account, contact and lead come before the added entity types.')
  }
  return positioned(read)
}

function readDefaultFields(
  rows: NonNullable<ReadDocument['defaultFields']>,
  { entityTypes, defaultFields }: SettingsDraft,
  reading: Reading,
): DefaultFieldSnapshot[] {
  const switches = new Map<string, (typeof rows)[number]>()
  rows.forEach((row, index) => {
    const path = ['defaultFields', String(index)]
    const kind = entityTypes.find((it) => it.name === row.entityType)?.kind
    const field = defaultFields.find((it) => it.kind === kind && it.name === row.name)
    if (field === undefined)
      reading.fault(path, `${row.entityType} has no default field ${row.name} that can be switched.`)
    else if (switches.has(field.id)) reading.fault(path, `${row.entityType} ${row.name} is there twice.`)
    else {
      switches.set(field.id, row)
      reading.put(field.id, path)
    }
  })
  return defaultFields.map((field) => {
    const { required, showOnForm } = switches.get(field.id) ?? field
    return { ...field, required, showOnForm }
  })
}

function readShownFields(
  list: 'searchFields' | 'detailFields',
  rows: ReadDocument['searchFields'],
  draft: SettingsDraft,
  reading: Reading,
  idOf: IdOf,
) {
  return readList(list, rows, draft[list], reading, (row, path, find) => {
    const entityTypeId = idOf(row.entityType, path)
    return shownField({ ...row, entityTypeId }, find({ ...row, entityTypeId }))
  })
}

interface NaturalKey {
  readonly entityTypeId: string | null
  readonly name: string
}

/** `find` answers the row that went by the same names, once. */
function readList<List extends keyof FieldLists, Row>(
  list: List,
  rows: readonly Row[] | undefined,
  before: readonly FieldLists[List][],
  reading: Reading,
  make: (row: Row, path: readonly string[], find: (key: NaturalKey) => FieldLists[List] | null) => FieldLists[List],
): readonly FieldLists[List][] {
  if (rows === undefined) return before
  const taken = new Set<string>()
  const find = ({ entityTypeId, name }: NaturalKey): FieldLists[List] | null =>
    before.find((it) => it.entityTypeId === entityTypeId && it.name === name && !taken.has(it.id)) ?? null
  const read = rows.map((row, index) => {
    const path = [list, String(index)]
    const field = make(row, path, find)
    taken.add(field.id)
    reading.put(field.id, path)
    return field
  })
  return numbered(read)
}

const sectionsOfLists: Partial<Record<keyof SettingsDocument, SettingsSection>> = {
  entityTypes: 'ENTITIES',
  defaultFields: 'DEFAULT_FIELDS',
  exportFields: 'EXPORT',
  searchFields: 'SEARCH',
  detailFields: 'DETAIL',
  backendFields: 'BACKEND',
}

function sectionsOf(integration: IntegrationSnapshot, imported: SettingsDraft): SettingsSection[] {
  const { after } = differenceOf(documentOf(integration), documentOf(withDraft(integration, imported)))
  const sections = Object.keys(after).map((key) => sectionsOfLists[key as keyof SettingsDocument] ?? 'INTEGRATION')
  return [...new Set(sections)]
}
