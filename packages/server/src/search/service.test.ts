import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { IntegrationService, IntegrationSnapshot } from '../integrations/service.ts'
import { createSecretBox } from '../secrets/secret-box.ts'
import { NotFoundError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { createSearchService } from './service.ts'

const viewer = { workspaceId: 'workspace-1', conversationIds: null } as Viewer
const org = { id: 'org', workspaceId: 'workspace-1', provider: 'DYNAMICS', status: 'CONNECTED', entityTypes: [] }

test('an id that names no conversation at all is not found, rather than left out of the search', async () => {
  const search = createSearchService({
    integrations: { list: async () => [org as unknown as IntegrationSnapshot] } as unknown as IntegrationService,
    secrets: createSecretBox(`test:${randomBytes(32).toString('base64')}`),
    factsOf: () => Promise.reject(new NotFoundError('There is no such conversation.')),
    contextOf: async () => ({ tagged: new Set(), region: 'US' }),
    now: Date.now,
  })
  const selected = { attributes: new Set<never>(), views: new Set<never>() }
  const input = { conversationId: '', phone: '+15125550143', first: 25 }
  const searching = search.searchRecords(viewer, input, selected, new AbortController().signal)
  await expect(searching).rejects.toThrow(NotFoundError)
})
