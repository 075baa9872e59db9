/** What of settings the org does not have, or has otherwise. Pure. */
import type { EntityDescriptor, FieldDescriptor, FieldType } from '@backchannel/providers'
import type {
  BackendField,
  EntityTypeSnapshot,
  ExportField,
  FieldFilter,
  LookupSpec,
  SettingFieldType,
  ShownField,
} from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import { fits } from '../../records/field-fit.ts'
import { descriptorOf, type Subject } from '../edit/edit.ts'
import { type Fault, faultsOf, type SettingFault } from './fault.ts'
import { nearest } from './nearest.ts'
import { accountOf, type OrgView, SUBJECT_ENTITY } from './org.ts'
import { checkValueOf } from './value.ts'

/** @param org knows what `entitiesAskedOf` names for these subjects */
export function checkMetadata(
  integration: IntegrationSnapshot,
  subjects: readonly Subject[],
  org: OrgView,
): SettingFault[] {
  return subjects.flatMap((subject) =>
    faultsOf(subject, (fault) => checkSubject(integration, subject, { integration, org, fault })),
  )
}

interface Check {
  readonly integration: IntegrationSnapshot
  readonly org: OrgView
  readonly fault: Fault
}

function checkSubject({ settings, entityTypes, defaultFields }: IntegrationSnapshot, subject: Subject, check: Check) {
  const find = <T extends { id: string }>(rows: readonly T[], found: (row: T) => void) =>
    rows.filter(({ id }) => id === subject.id).forEach(found)
  switch (subject.section) {
    case 'INTEGRATION':
      return checkGeneral(check)
    case 'ENTITIES':
      return find(entityTypes, (it) => checkEntityType(it, check))
    case 'DEFAULT_FIELDS':
      return find(defaultFields, ({ kind, name, showOnForm }) => {
        if (!showOnForm) checkHidden(entityTypes.find((it) => it.kind === kind)?.name, name, check)
      })
    case 'EXPORT':
      return find(settings.exportFields, (it) => checkWritten(it, entityOf(it.entityTypeId, check), check))
    case 'BACKEND':
      return find(settings.backendFields, (it) => {
        const isOfActivity = it.target === 'ACTIVITY'
        checkWritten(it, isOfActivity ? check.org.entity(SUBJECT_ENTITY) : entityOf(it.entityTypeId, check), check)
      })
    case 'SEARCH':
      return find(settings.searchFields, (it) => checkShown(it, true, check))
    case 'DETAIL':
      return find(settings.detailFields, (it) => checkShown(it, it.filter !== null, check))
    case 'CONNECTION':
      return
  }
}

// ------------------------------------------------------------------------------------------------ names

function missing(what: string, where: string, meant: string | null): string {
  const hint = meant === null ? '' : ` Do you mean ${meant}?`
  return `There is no ${what} in ${where}, or our user there may not see it.${hint}`
}

const orgOf = (integration: IntegrationSnapshot) => `the org ${integration.name}`

function findEntity(
  name: string,
  path: readonly string[],
  { integration, org, fault }: Check,
): EntityDescriptor | null {
  const entity = org.entity(name)
  if (entity === null) fault(path, missing(`entity ${name}`, orgOf(integration), nearest(name, org.names)))
  return entity
}

function findField(entity: EntityDescriptor, name: string, path: readonly string[], fault: Fault) {
  const field = entity.fields.find((it) => it.name === name)
  if (field !== undefined) return field
  const names = entity.fields.map((it) => it.name)
  fault(path, missing(`field ${name}`, entity.label, nearest(name, names) ?? byLabel(entity, name)))
  return null
}

/** The label typed in place of the name. */
function byLabel({ fields }: EntityDescriptor, name: string): string | null {
  return fields.find(({ label }) => label.toLowerCase() === name.toLowerCase())?.name ?? null
}

function entityOf(entityTypeId: string | null, { integration, org, fault }: Check): EntityDescriptor | null {
  const entityType = integration.entityTypes.find(({ id }) => id === entityTypeId)
  return entityType ? findEntity(entityType.name, ['entityTypeId'], { integration, org, fault }) : null
}

// ------------------------------------------------------------------------------------------------ what is no list

function checkGeneral(check: Check): void {
  const { integration, org, fault } = check
  const { autoSmsPush, autoChatPush, dynamics, salesforce } = integration.settings
  const compared = (entityTypeId: string | null, name: string | null, path: readonly string[]) => {
    const entityType = integration.entityTypes.find(({ id }) => id === entityTypeId)
    if (!entityType || !name) return
    const entity = findEntity(entityType.name, [...path, 'entityTypeId'], check)
    const field = entity && findField(entity, name, [...path, 'field'], fault)
    if (field && !field.filterable) fault([...path, 'field'], notFilterable(field))
  }
  compared(autoSmsPush.entityTypeId, autoSmsPush.field, ['autoSmsPush'])
  for (const [index, rule] of autoChatPush.rules.entries()) {
    compared(rule.entityTypeId, rule.field, ['autoChatPush', 'rules', String(index)])
  }
  // D-SAV-09.
  if (dynamics?.chatsSaveTo === 'CUSTOM_ACTIVITY' && dynamics.activityTypeName !== null) {
    const entity = findEntity(dynamics.activityTypeName, ['activityTypeName'], check)
    if (entity && !entity.isActivity) {
      const message = `${entity.label} is no activity: whoever made it did not tick "Define as an activity entity".`
      fault(['activityTypeName'], message)
    }
  }
  //
  const account = salesforce?.accountEmailField && accountOf(integration)
  if (account) {
    const entity = org.entity(account.name)
    const field = entity && findField(entity, salesforce.accountEmailField ?? '', ['accountEmailField'], fault)
    if (field) checkWritable(field, ['accountEmailField'], fault)
    if (field && !fits('TEXT', field.type)) fault(['accountEmailField'], 'An e-mail address needs a field of text.')
  }
}

// ------------------------------------------------------------------------------------------------ rows

function checkEntityType(entityType: EntityTypeSnapshot, check: Check): void {
  if (entityType.kind !== 'CUSTOM') return
  const entity = findEntity(entityType.name, ['name'], check)
  if (entity === null) return
  findField(entity, entityType.primaryField, ['primaryField'], check.fault)
  if (entityType.creatable && !entity.creatable) {
    check.fault(['creatable'], `Our user may not create ${entity.label} in ${orgOf(check.integration)}.`)
  }
}

/** what the CRM demands stays on the form. */
function checkHidden(entityName: string | undefined, name: string, { org, fault }: Check): void {
  const entity = entityName === undefined ? null : org.entity(entityName)
  const field = entity?.fields.find((it) => it.name === name)
  if (!field?.required) return
  fault(
    ['showOnForm'],
    `The org demands ${field.label} of every new ${entity?.label}: it cannot be taken off the form.`,
  )
}

type WrittenField = ExportField | BackendField

function checkWritten(setting: WrittenField, entity: EntityDescriptor | null, check: Check): void {
  const { fault } = check
  const field = entity && findField(entity, setting.name, ['name'], fault)
  if (!field) return
  checkWritable(field, ['name'], fault)
  // A chat variable is made into the type of the field when it is written.
  if (setting.variableType !== 'CHAT_VARIABLE' && !checkFit(setting.fieldType, field, check)) return
  const maxLength = 'maxLength' in setting ? setting.maxLength : null
  if (maxLength !== null && field.maxLength !== null && maxLength > field.maxLength) {
    fault(['maxLength'], `${field.label} takes ${field.maxLength} characters in the org.`)
  }
  if (setting.variableType === 'CONSTANT') checkConstant(setting, field, check)
  else if (setting.values !== null && field.restricted) {
    fault(['values'], `${field.label} takes only the values that the org has: nothing can be added to them.`)
  }
  if (setting.lookup) checkLookup(setting.lookup, field, check)
}

function checkWritable(field: FieldDescriptor, path: readonly string[], fault: Fault): void {
  if (!field.writable) fault(path, `${field.label} cannot be written: the org makes it by itself, or our user may not.`)
}

function checkFit(fieldType: SettingFieldType | null, field: FieldDescriptor, { integration, fault }: Check): boolean {
  if (fieldType === null || fits(fieldType, field.type)) return true
  const [given, found] = [fieldType, field.type].map((type) => typeWord(integration, type))
  fault(['fieldType'], `${field.label} is of the type ${found} in the org, not ${given}.`)
  return false
}

/** As the vendor calls it, where a setting may have it. */
function typeWord(integration: IntegrationSnapshot, type: FieldType): string {
  const { fieldTypes } = descriptorOf(integration)
  return fieldTypes.find((it) => it.type === type)?.label ?? type
}

function checkConstant({ value, values, lookupValue }: WrittenField, field: FieldDescriptor, check: Check): void {
  if (lookupValue !== null) {
    checkTarget(lookupValue.entityName, field, ['lookupValue', 'entityName'], check)
    return
  }
  const wrong = checkValueOf(field, { value, values })
  if (wrong !== null) check.fault([values === null ? 'value' : 'values'], wrong)
}

/** Whether the look-up may point there. */
function checkTarget(name: string, field: FieldDescriptor, path: readonly string[], check: Check): boolean {
  const entity = findEntity(name, path, check)
  if (entity === null) return false
  if (field.targets.includes(name)) return true
  check.fault(path, `${field.label} points to ${field.targets.join(' or ') || 'nothing'}, not to ${entity.label}.`)
  return false
}

/** */
function checkLookup(lookup: LookupSpec, field: FieldDescriptor, check: Check): void {
  const { relatedEntity, searchFields, displayField, filter } = lookup
  const { org, fault } = check
  if (!checkTarget(relatedEntity, field, ['lookup', 'relatedEntity'], check)) return
  const related = org.entity(relatedEntity)
  if (related === null) return
  for (const [index, name] of searchFields.entries()) {
    const path = ['lookup', 'searchFields', String(index)]
    const found = findField(related, name, path, fault)
    if (found && !found.filterable) fault(path, notFilterable(found))
  }
  if (displayField !== null) findField(related, displayField, ['lookup', 'displayField'], fault)
  if (filter === null) return
  const narrowing = findField(related, filter.field, ['lookup', 'filter', 'field'], fault)
  if (narrowing) checkFilter(filter, narrowing, ['lookup', 'filter'], check)
}

function checkShown(setting: ShownField, isCompared: boolean, check: Check): void {
  const entity = entityOf(setting.entityTypeId, check)
  const field = entity && findField(entity, setting.name, ['name'], check.fault)
  if (!field || !checkFit(setting.fieldType, field, check)) return
  if (isCompared && !field.filterable) check.fault(['name'], notFilterable(field))
  else if (setting.filter) checkFilter(setting.filter, field, ['filter'], check)
}

function checkFilter(filter: FieldFilter, field: FieldDescriptor, path: readonly string[], check: Check): void {
  const { value, relatedEntity } = filter
  if (!field.filterable) check.fault([...path, 'field'], notFilterable(field))
  if (field.type === 'LOOKUP') {
    if (relatedEntity === null) check.fault([...path, 'relatedEntity'], 'Name the entity that the look-up points to.')
    else checkTarget(relatedEntity, field, [...path, 'relatedEntity'], check)
    return
  }
  if (relatedEntity !== null) check.fault([...path, 'relatedEntity'], `${field.label} is no look-up: leave it out.`)
  const wrong = checkValueOf(field, field.type === 'MULTI_OPTION_SET' ? { values: [value] } : { value })
  if (wrong !== null) check.fault([...path, 'value'], wrong)
}

function notFilterable(field: FieldDescriptor): string {
  return `The org cannot look for values of ${field.label}.`
}
