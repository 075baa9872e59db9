/**
 * The match plan of one integration (decision 1): whom a conversation's visitor may be, by the rules of Auto Chat Push, or
 * of Auto SMS Push and Fetch CRM Data. Filters of search and detail fields do not bind it. Pure.
 */
import type { EntityDescriptor, SearchBy, SearchedField, SearchRequest, SearchTarget } from '@backchannel/providers'
import type { ConversationFacts } from '../conversations/conversation.ts'
import type { AutoChatRule, EntityTypeSnapshot, MatchIdentifier } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { Explanation } from '../plans/plan.ts'
import { settingsId } from '../pushes/settings-id.ts'
import { recordSelection, type SelectedAttributes } from '../records/selection.ts'
import type { SearchMetadata } from './plan.ts'

export interface MatchPlan {
  /** False: the settings have nobody looked for. */
  readonly enabled: boolean
  /** Null: there is nothing to look by. */
  readonly request: SearchRequest | null
  readonly entityTypes: readonly EntityTypeSnapshot[]
  readonly why: readonly Explanation[]
}

export interface MatchPlanInput {
  integration: IntegrationSnapshot
  facts: ConversationFacts
  metadata: SearchMetadata
  region: string
  selected: SelectedAttributes
}

/** As many as can be tagged at once. */
const mostMatches = 50

/** A row of the list of rules, as this CRM has it. */
export function matchRule({ settings }: IntegrationSnapshot, row: `${'CHT' | 'SMS'}-0${number}`): string {
  return `${settings.dynamics === null ? 'S' : 'D'}-${row}`
}

/** The entity types that the plan looks into; empty where nobody is looked for. */
export function matchedEntityTypes(integration: IntegrationSnapshot, facts: ConversationFacts): EntityTypeSnapshot[] {
  const ids = new Set(rulesFor(integration, facts).rules.map(({ entityTypeId }) => entityTypeId))
  return integration.entityTypes.filter(({ id }) => ids.has(id))
}

export function planMatch(input: MatchPlanInput): MatchPlan {
  const { integration, facts, metadata, region, selected } = input
  const { enabled, rules, why: off } = rulesFor(integration, facts)
  const why: Explanation[] = [...off]
  const by: SearchBy[] = []
  const fields = new Map<EntityTypeSnapshot, Partial<Record<MatchIdentifier, SearchedField[]>>>()
  for (const rule of rules) {
    const value = knownValue(facts, rule.identifier)
    const field = value === null ? null : fieldOf(integration, rule, metadata)
    if (value === null) {
      why.push(explain(integration, facts, `The visitor's ${nouns[rule.identifier]} is not known.`))
    } else if (typeof field === 'string') {
      why.push(explain(integration, facts, field))
    } else if (field !== null) {
      if (!by.some(({ identifier }) => identifier === rule.identifier)) by.push({ identifier: rule.identifier, value })
      const known = fields.get(field.entityType) ?? {}
      known[rule.identifier] = [...(known[rule.identifier] ?? []), field.field]
      fields.set(field.entityType, known)
    }
  }
  const targets = [...fields].map(([entityType, identifierFields]): SearchTarget => {
    const descriptor = metadata.get(entityType.name) ?? null
    const { attributes, ...selection } = recordSelection(selected, entityType, integration, descriptor)
    return {
      entityName: entityType.name,
      kind: entityType.kind,
      primaryField: entityType.primaryField,
      selection: { ...selection, attributes: [...new Set([...attributes, 'modifiedAt' as const])] },
      // What no rule maps is not looked into, rather than as the vendor would.
      identifierFields: Object.fromEntries(
        by.map(({ identifier }) => [identifier, identifierFields[identifier as MatchIdentifier] ?? []]),
      ),
    }
  })
  return {
    enabled,
    request: by.length === 0 ? null : { by, targets, first: mostMatches, region },
    entityTypes: [...fields.keys()],
    why,
  }
}

type Rules = Pick<MatchPlan, 'enabled' | 'why'> & { rules: readonly AutoChatRule[] }

function rulesFor(integration: IntegrationSnapshot, facts: ConversationFacts): Rules {
  const { autoChatPush, autoSmsPush, fetchCrmData } = integration.settings
  const off = (rule: string, text: string): Rules => ({
    enabled: false,
    rules: [],
    why: [{ rule, text: `${integration.name}: ${text}`, settingId: settingsId(integration) }],
  })
  if (facts.channel === 'CHAT') {
    if (!autoChatPush.enabled) return off(matchRule(integration, 'CHT-07'), 'Allow Auto Chat Push is off.')
    return { enabled: true, rules: autoChatPush.rules, why: [] }
  }
  if (!autoSmsPush.enabled) return off(matchRule(integration, 'SMS-01'), 'Allow Auto SMS Push is off.')
  if (!fetchCrmData) return off(matchRule(integration, 'SMS-01'), 'Allow Fetch CRM Data is off.')
  const { entityTypeId, field, identifier } = autoSmsPush
  if (entityTypeId === null || field === null) {
    return off(matchRule(integration, 'SMS-03'), 'Auto SMS Push names no entity and field.')
  }
  return { enabled: true, rules: [{ entityTypeId, field, identifier }], why: [] }
}

/** Where a rule looks, or why it cannot. */
function fieldOf(
  integration: IntegrationSnapshot,
  rule: AutoChatRule,
  metadata: SearchMetadata,
): { entityType: EntityTypeSnapshot; field: SearchedField } | string {
  const entityType = integration.entityTypes.find(({ id }) => id === rule.entityTypeId)
  if (entityType === undefined) return 'The rule names an entity type that is not set up any more.'
  // An agent could not open what is found there (I-02).
  if (!entityType.searchable) return `Searching ${entityType.displayName} is switched off.`
  const descriptor: EntityDescriptor | null = metadata.get(entityType.name) ?? null
  const found = descriptor?.fields.find(({ name }) => name === rule.field)
  if (!found?.filterable) return `The org has no field ${rule.field} of ${entityType.displayName} to look into.`
  return { entityType, field: { name: found.name, type: found.type } }
}

const nouns: Record<MatchIdentifier, string> = {
  PHONE: 'phone number',
  EMAIL: 'e-mail address',
  ACCOUNT_ID: 'account id',
}

function knownValue({ visitor }: ConversationFacts, identifier: MatchIdentifier): string | null {
  const value = { PHONE: visitor.phone, EMAIL: visitor.email, ACCOUNT_ID: visitor.accountId }[identifier]
  return value?.trim() || null
}

function explain(integration: IntegrationSnapshot, { channel }: ConversationFacts, text: string): Explanation {
  const rule = matchRule(integration, channel === 'CHAT' ? 'CHT-03' : 'SMS-03')
  return { rule, text: `${integration.name}: ${text}`, settingId: settingsId(integration) }
}
