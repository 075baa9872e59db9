/** What happens in a workspace, and how it is listened for. */
import { expect } from 'vitest'
import { say } from '../conversing.ts'
import type { RunningGateway } from '../running-gateway.ts'
import { addField, constantOf, remove, textFields, versionOf } from '../setting-up.ts'
import type { FilledWorkspace } from './filled-workspace.ts'

/** A message, a push and a change of settings. @param own the gateway, asked as an admin of this workspace */
export async function happen(own: RunningGateway, { ids, org }: FilledWorkspace): Promise<void> {
  await say(own, { id: ids.Conversation, mark: ids.ConversationExternalId }, 'hear me')
  await own.execute('mutation ($id: ID!) { retryPush(id: $id) { __typename } }', { id: ids.Push })
  const constant = constantOf(org, textFields.DYNAMICS[0], 'x')
  const added = await addField(own, 'ExportField', org.id, await versionOf(own, org), constant)
  expect(added.__typename).toBe('SettingsSuccess')
  await remove(own, 'ExportField', added.changedId ?? '', await versionOf(own, org))
}

export const subscriptions = {
  pushEvents: `subscription ($after: ID) {
    pushEvents(after: $after) { __typename push { id conversation { id } } }
  }`,
  conversationEvents: `subscription ($after: ID, $ids: [ID!]!) {
    conversationEvents(after: $after, conversationIds: $ids) {
      __typename id conversation { id messages { edges { node { id text } } } }
    }
  }`,
  integrationEvents: `subscription ($after: ID) {
    integrationEvents(after: $after) { __typename integration { id } }
  }`,
} as const
