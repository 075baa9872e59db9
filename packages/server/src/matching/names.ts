/** Fetch CRM Data: whose names go with a phone number. */
import type { EntityKind } from '@backchannel/providers'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { toReference } from '../records/record-node.ts'
import type { SelectedAttributes } from '../records/selection.ts'
import { type AskingIntegrations, askCrm } from '../search/ask.ts'
import { inMatchOrder } from '../search/match.ts'
import { toHits } from '../search/results.ts'
import type { ReferenceSnapshot } from '../shared/errors.ts'
import type { Names } from './decide.ts'

/** The names of the first record that was found, and which it is. */
export interface FoundNames extends Names {
  readonly source: ReferenceSnapshot
}

/** Contacts, then leads, then accounts; an account has names only where it is a person. */
const inOrder: readonly EntityKind[] = ['CONTACT', 'LEAD', 'ACCOUNT']
/** Among so many the first is looked for: the CRM gives those that were changed last. */
const FIRST = 25

/**
 * One look-up by the number. It finds what an agent's search by that number would: entity types that may be searched, with
 * their filters. Null: nobody has it.
 *
 * @throws NotConnectedError, CrmError
 */
export async function findNames(
  integrations: AskingIntegrations,
  integration: IntegrationSnapshot,
  { phone, region, signal }: { phone: string; region: string; signal: AbortSignal },
): Promise<FoundNames | null> {
  const { plan, result } = await askCrm(integrations, integration, {
    terms: { phone },
    kinds: inOrder,
    entityTypeIds: null,
    asked: [],
    first: FIRST,
    selected,
    conversationId: null,
    tagged: new Set(),
    region,
    signal,
  })
  for (const kind of inOrder) {
    const [first] = plan.entityTypes
      .filter(({ entityType }) => entityType.kind === kind)
      .flatMap(({ entityType }) => toHits(integration, entityType, result, new Set()))
      .toSorted(inMatchOrder)
    if (first === undefined) continue
    const { firstName, lastName } = first.record.record
    return { firstName, lastName, source: toReference(first.record) }
  }
  return null
}

const selected: SelectedAttributes = { attributes: new Set(['firstName', 'lastName', 'modifiedAt']), views: new Set() }
