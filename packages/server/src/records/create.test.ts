import { randomBytes } from 'node:crypto'
import { type CrmProvider, ProviderError, providerDefinitions } from '@backchannel/providers'
import { createMemoryCrm } from '@backchannel/providers/testing'
import { expect, test } from 'vitest'
import type { EntityTypeSnapshot, IntegrationService } from '../integrations/service.ts'
import { createSecretBox } from '../secrets/secret-box.ts'
import { CrmError } from '../shared/errors.ts'
import { openTestDatabase } from '../testing/database.ts'
import { testIntegration } from '../testing/integration.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { createRecordMaker } from './create.ts'
import { planForm, readForm } from './form.ts'
import { createRecordIntentStore } from './intent-store.ts'
import { planRecord } from './record-plan.ts'

const { descriptor } = providerDefinitions.SALESFORCE
const viewer = { workspaceId: 'workspace-1' } as Viewer
const integration = testIntegration('SALESFORCE', { id: 'org', workspaceId: 'workspace-1', orgId: '00D' })
const entityType = integration.entityTypes.find(({ kind }) => kind === 'CONTACT') as EntityTypeSnapshot
const { signal } = new AbortController()

/** An org, and whether it keeps our keys; `break` is met when a record is about to be made, `look` when keys are asked about. */
async function openOrg({ keyed }: { keyed: boolean }) {
  const { prisma } = await openTestDatabase()
  const crm = createMemoryCrm(descriptor)
  const org = { rows: crm.rows, break: async () => {}, look: async () => {} }
  const provider: CrmProvider = {
    ...crm.provider,
    async capabilities() {
      await org.look()
      return { keyedActivities: keyed, keyedRecords: keyed }
    },
    async createRecord(request) {
      await org.break()
      return crm.provider.createRecord(keyed ? request : { ...request, key: randomBytes(8).toString('hex') })
    },
  }
  const { make } = createRecordMaker({
    integrations: {
      provider: () => Promise.resolve(null),
      call: <T>(_workspace: string, _id: string, work: (provider: CrmProvider) => Promise<T>) =>
        work(provider).catch((error: unknown) => {
          throw error instanceof ProviderError ? new CrmError('SALESFORCE', error) : error
        }),
    } as unknown as IntegrationService,
    intents: createRecordIntentStore(prisma),
    secrets: createSecretBox(`k1:${randomBytes(32).toString('base64')}`),
    tagNewRecord: async () => 'tag-1',
  })
  const metadata = await provider.describeEntityType('Contact')
  if (!metadata) throw new Error('The org has no contacts')
  const create = (given: { idempotencyKey: string }) => {
    const values = [{ name: 'LastName', value: 'Fox' }]
    const input = { integrationId: 'org', entityTypeId: entityType.id, values, allowDuplicate: false, ...given }
    const known = { integration, entityType, metadata, accountKind: null, recordType: null }
    const moment = { now: 0, timeZone: 'UTC' }
    const form = { ...known, facts: null, plan: planForm({ ...known, activityMetadata: null, visitor: null, moment }) }
    const read = readForm(form.plan, { values })
    return make(viewer, input, { form, read, plan: planRecord({ ...known, read, variables: null }) }, signal)
  }
  return { org, create }
}

const unknown = () => Promise.reject(new ProviderError('CRM_UNAVAILABLE', { message: 'Lost.', outcome: 'UNKNOWN' }))
const refused = () => Promise.reject(new ProviderError('CRM_RATE_LIMITED', { message: 'Later.' }))

test('ruling 9: where the org keeps no keys, a create of unknown outcome is not made again, whatever is sent', async () => {
  const { org, create } = await openOrg({ keyed: false })
  const proceed = org.break
  org.break = unknown
  await expect(create({ idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' })
  org.break = proceed
  for (let repeated = 0; repeated < 2; repeated++) {
    await expect(create({ idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'CRM_OUTCOME_UNKNOWN' })
  }
  expect(org.rows.size).toBe(0)
})

test('ruling 9: where the org keeps no keys, the same request sent five times at once makes one record', async () => {
  const { org, create } = await openOrg({ keyed: false })
  await Promise.allSettled(Array.from({ length: 5 }, () => create({ idempotencyKey: 'k' })))
  expect(org.rows.size).toBe(1)
})

test('a CRM that cannot even be asked whether it keeps keys leaves the outcome as unknown as it was', async () => {
  const { org, create } = await openOrg({ keyed: false })
  const { break: proceed, look } = org
  org.break = unknown
  await expect(create({ idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' })
  Object.assign(org, { break: proceed, look: refused })
  await expect(create({ idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'CRM_RATE_LIMITED' })
  org.look = look
  await expect(create({ idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'CRM_OUTCOME_UNKNOWN' })
})

test('a create that surely did nothing is made at the next try, and is unknown again where that one breaks', async () => {
  const { org, create } = await openOrg({ keyed: false })
  const proceed = org.break
  org.break = refused
  await expect(create({ idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'CRM_RATE_LIMITED' })
  org.break = unknown
  await expect(create({ idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' })
  org.break = proceed
  await expect(create({ idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'CRM_OUTCOME_UNKNOWN' })
})

test('where the org keeps our keys, the same key goes on after an unknown outcome', async () => {
  const { org, create } = await openOrg({ keyed: true })
  const proceed = org.break
  org.break = unknown
  await expect(create({ idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' })
  org.break = proceed
  const made = await create({ idempotencyKey: 'k' })
  expect(await create({ idempotencyKey: 'k' })).toEqual(made)
  expect(org.rows.size).toBe(1)
})
