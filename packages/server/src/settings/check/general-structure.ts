/** What must hold of the settings that are no list. */
import {
  type AutoChatRule,
  type ChatsSaveTo,
  type SalesforceOptions,
  searchOrderIdentifiers,
} from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import type { Fault } from './fault.ts'
import { checkLength, checkOptional, MOST_RULES, NAME_LENGTH, SUFFIX_LENGTH } from './lengths.ts'

const MOST_IDLE_MINUTES = 1_440
const MOST_GRACE_SECONDS = 3_600
/** Processes tell one another every ten seconds which CRM they called: a shorter wait would end sessions in use. */
const LEAST_GRACE_SECONDS = 15

export function checkGeneral(integration: IntegrationSnapshot, fault: Fault): void {
  const { settings } = integration
  const { searchOrder } = settings
  // D-INT-10.
  if (searchOrder.length !== searchOrderIdentifiers.length || new Set(searchOrder).size !== searchOrder.length) {
    fault(['searchOrder'], 'Name phone, e-mail and full name once each.')
  }
  checkSmsPush(integration, fault)
  checkChatPush(integration, fault)
  if (settings.dynamics) checkActivityTypeName(settings.dynamics, fault)
  if (settings.salesforce) checkSalesforce(settings.salesforce, fault)
}

function checkSmsPush({ settings, entityTypes }: IntegrationSnapshot, fault: Fault): void {
  const { enabled, entityTypeId, field } = settings.autoSmsPush
  const path = (name: string) => ['autoSmsPush', name]
  checkOptional(path('field'), field, NAME_LENGTH, fault)
  if (enabled && field === null) fault(path('field'), 'Name the field that is compared.')
  if (entityTypeId === null) {
    if (enabled) fault(path('entityTypeId'), 'Choose account, contact or lead.')
    return
  }
  const entityType = entityTypes.find(({ id }) => id === entityTypeId)
  //
  if (entityType === undefined || entityType.kind === 'CUSTOM') {
    fault(path('entityTypeId'), 'Automatic SMS push matches accounts, contacts or leads only.')
  } else if (enabled && !entityType.searchable) fault(path('entityTypeId'), searchIsOff(entityType.displayName))
}

function checkChatPush(integration: IntegrationSnapshot, fault: Fault): void {
  const { enabled, rules } = integration.settings.autoChatPush
  if (enabled && rules.length === 0) {
    fault(['autoChatPush', 'rules'], 'Give at least one identifier with its entity type and field.')
  }
  if (rules.length > MOST_RULES) fault(['autoChatPush', 'rules'], `At most ${MOST_RULES} rules are tried.`)
  for (const [index, rule] of rules.slice(0, MOST_RULES).entries()) checkRule(integration, rule, index, fault)
}

/** D-CHT-02: each part is there; I-02: its entity type can be searched. */
function checkRule(
  { settings, entityTypes }: IntegrationSnapshot,
  rule: AutoChatRule,
  index: number,
  fault: Fault,
): void {
  const { enabled, rules } = settings.autoChatPush
  const path = (name: string) => ['autoChatPush', 'rules', String(index), name]
  checkLength(path('field'), rule.field, NAME_LENGTH, fault)
  const entityType = entityTypes.find(({ id }) => id === rule.entityTypeId)
  if (entityType === undefined) fault(path('entityTypeId'), 'Name one of the entity types of this integration.')
  else if (enabled && !entityType.searchable) fault(path('entityTypeId'), searchIsOff(entityType.displayName))
  const isSame = (it: AutoChatRule) =>
    it.identifier === rule.identifier && it.entityTypeId === rule.entityTypeId && it.field === rule.field
  if (rules.slice(0, index).some(isSame)) fault(path('field'), 'This rule is there twice.')
}

function searchIsOff(displayName: string): string {
  return `An automatic push looks for records of ${displayName}, and their search is off: both cannot be.`
}

function checkActivityTypeName(
  { chatsSaveTo, activityTypeName }: { chatsSaveTo: ChatsSaveTo; activityTypeName: string | null },
  fault: Fault,
): void {
  const path = ['activityTypeName']
  // D-SAV-06: what is stored is spelled "Task" where it was right.
  if (chatsSaveTo === 'TASK' && activityTypeName !== 'Task') {
    fault(path, 'With Task, the activity type name must be "Task".')
  }
  if (chatsSaveTo === 'CUSTOM_ACTIVITY' && activityTypeName === null) {
    fault(path, 'Name the activity type, as Dynamics 365 spells it.')
  }
  checkOptional(path, activityTypeName, NAME_LENGTH, fault)
}

function checkSalesforce(options: SalesforceOptions, fault: Fault): void {
  checkOptional(['subjectSuffix'], options.subjectSuffix, SUFFIX_LENGTH, fault)
  checkOptional(['accountEmailField'], options.accountEmailField, NAME_LENGTH, fault)
  checkWhole(['sessionIdleMinutes'], options.sessionIdleMinutes, [1, MOST_IDLE_MINUTES], fault)
  const graceSeconds = [LEAST_GRACE_SECONDS, MOST_GRACE_SECONDS] as const
  checkWhole(['sessionGraceSeconds'], options.sessionGraceSeconds, graceSeconds, fault)
}

function checkWhole(
  path: readonly string[],
  value: number,
  [least, most]: readonly [least: number, most: number],
  fault: Fault,
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  fault(path, `Give a whole number from ${least} to ${most}.`)
}
