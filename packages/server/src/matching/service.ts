/** What was found of visitors by itself, and the names that go with a number. */
import type { CrmRecord } from '@backchannel/providers'
import { type ConversationFacts, isSameProfile, profileOf } from '../conversations/conversation.ts'
import type { ConversationRow } from '../conversations/service.ts'
import { type IntegrationService, type IntegrationSnapshot, isConnected } from '../integrations/service.ts'
import type { MatchIdentifier } from '../integrations/settings.ts'
import type { Explanation } from '../plans/plan.ts'
import type { RecordLoaders } from '../records/loaders.ts'
import { type RecordNode, toRecordNode } from '../records/record-node.ts'
import type { SelectedAttributes } from '../records/selection.ts'
import { choose } from '../search/choice.ts'
import { type ConversationMatch, toMatch } from '../search/match.ts'
import type { SearchHit } from '../search/results.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { ActionableError, ValidationError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { type FoundNames, findNames } from './names.ts'
import { createMatchSeals, isCurrent, type StoredHit, storedMatchOf } from './stored-match.ts'

export type { FoundNames } from './names.ts'

export interface MatchingService {
  /**
   * Names for a text message thread that is about to begin: of the first integration, in their order, that knows the
   * number. Null: none does, or none may be asked (ruling 16).
   *
   * @throws ValidationError; NotConnectedError where none of them is connected; CrmError where one failed and no other
   *   knows the number
   */
  prefill(
    viewer: Viewer,
    input: { phone: string; integrationId: string | null },
    signal: AbortSignal,
  ): Promise<FoundNames | null>
  /** What was done by itself; null where the visitor or the settings have changed since, or it is still under way. */
  whyOf(row: MatchedRow, facts: ConversationFacts): Promise<readonly Explanation[] | null>
  /**
   * Whom the last look-up found, with the records as they are now: those that are gone are left out, and those of a CRM
   * that cannot be asked are as they were found.
   */
  foundMatch(
    viewer: Viewer,
    row: MatchedRow,
    loaders: RecordLoaders,
    selected: SelectedAttributes,
  ): Promise<ConversationMatch>
}

type MatchedRow = Pick<ConversationRow, 'id' | 'workspaceId' | 'matchSealed' | 'matchDueAt'>

export interface MatchingServiceParts {
  integrations: Pick<IntegrationService, 'list' | 'find' | 'call' | 'describe'>
  secrets: SecretBox
  /** That phone numbers of the workspace are read in. */
  regionOf(workspaceId: string): Promise<string>
  /** Global IDs of the records that the conversation is tagged with. */
  taggedOf(viewer: Viewer, conversationId: string): Promise<ReadonlySet<string>>
}

/** As long as a visitor's number may be. */
const LONGEST_PHONE = 50

export function createMatchingService(parts: MatchingServiceParts): MatchingService {
  const { integrations, secrets, regionOf, taggedOf } = parts
  const seals = createMatchSeals(secrets)

  async function nodeOf(
    integration: IntegrationSnapshot,
    { entityName, remoteId, name, url }: StoredHit,
    loaders: RecordLoaders,
    selected: SelectedAttributes,
  ): Promise<RecordNode | null> {
    const entityType = integration.entityTypes.find((it) => it.name === entityName)
    if (entityType === undefined) return null
    const { kind } = entityType
    try {
      return await loaders.load({ kind, integrationId: integration.id, entityName, remoteId }, selected)
    } catch (error) {
      if (!(error instanceof ActionableError)) throw error
      const record = { ...unknown, entityName, kind, remoteId, name: name ?? remoteId, url: url ?? integration.url }
      return toRecordNode(integration, entityType, record)
    }
  }

  return {
    async prefill({ workspaceId }, { phone, integrationId }, signal) {
      const number = phone.trim()
      const faults = [
        ...(number === '' ? [{ path: ['phone'], message: 'Give a phone number.' }] : []),
        ...(number.length > LONGEST_PHONE
          ? [{ path: ['phone'], message: `Use at most ${LONGEST_PHONE} characters.` }]
          : []),
      ]
      const all = await integrations.list(workspaceId)
      if (integrationId !== null && !all.some(({ id }) => id === integrationId)) {
        faults.push({ path: ['integrationId'], message: 'There is no such integration in this workspace.' })
      }
      if (faults.length > 0) throw new ValidationError(faults)
      const chosen = choose(all, integrationId === null ? {} : { integrationIds: [integrationId] })
      const asked = chosen.filter((it) => isConnected(it) && it.settings.fetchCrmData)
      if (asked.length === 0) return null
      const region = await regionOf(workspaceId)
      const answers = asked.map((integration) =>
        findNames(integrations, integration, { phone: number, region, signal }).then(
          (names) => ({ names, failure: null }),
          (failure: unknown) => ({ names: null, failure }),
        ),
      )
      const failures: unknown[] = []
      // One that comes later is not waited for.
      for (const answer of answers) {
        const { names, failure } = await answer
        if (names !== null) return names
        if (failure !== null) failures.push(failure)
      }
      if (failures.length > 0) throw failures[0]
      return null
    },

    async whyOf(row, facts) {
      const stored = row.matchDueAt === null ? seals.openMatch(row) : null
      if (stored === null || !isSameProfile(stored.profile, profileOf(facts.visitor))) return null
      const connected = (await integrations.list(row.workspaceId)).filter(isConnected)
      const answers = connected.map((integration) =>
        stored.answers.find((answer) => answer.integrationId === integration.id && isCurrent(answer, integration)),
      )
      const isOfNow = answers.length === stored.answers.length && !answers.includes(undefined)
      return isOfNow ? stored.answers.flatMap(({ why }) => why) : null
    },

    async foundMatch(viewer, row, loaders, selected) {
      const all = await integrations.list(row.workspaceId)
      const tagged = await taggedOf(viewer, row.id)
      const found = storedMatchOf(seals.openMatch(row))?.hits ?? []
      const hits = await Promise.all(
        found.map(async (hit): Promise<SearchHit[]> => {
          const integration = all.find(({ id }) => id === hit.integrationId)
          const record = integration ? await nodeOf(integration, hit, loaders, selected) : null
          const { matchedBy, matchedField, exact } = hit
          return record ? [{ record, matchedBy, matchedField, exact, alreadyTagged: tagged.has(record.nodeId) }] : []
        }),
      )
      return toMatch(hits.flat(), ({ matchedBy }) => matchedBy as MatchIdentifier)
    },
  }
}

/** What is not known of a record that was found before. */
const unknown = {
  phone: null,
  email: null,
  createdAt: null,
  modifiedAt: null,
  version: null,
  firstName: null,
  lastName: null,
  company: null,
  status: null,
  accountNumber: null,
  description: null,
  isPersonAccount: false,
  account: null,
  fields: {},
} satisfies Partial<CrmRecord>
