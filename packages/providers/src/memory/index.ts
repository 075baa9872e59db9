/** The contract kept in Maps: fast tests of what uses a provider, and proof that the contract names no vendor. */
import { randomUUID } from 'node:crypto'
import { ProviderError } from '../errors.ts'
import type { ActivityType, CrmRecord, RecordSelection } from '../model/index.ts'
import type { CrmProvider, ProviderDescriptor } from '../provider.ts'
import { runSearch, type SearchQuestion, type TargetCandidates } from '../search/index.ts'
import { createMemoryActivities, type MemoryActivities } from './activities.ts'
import { type MemoryEntity, memoryActivityType, memoryEntities } from './entities.ts'
import { attributeOf, checkedValues, type MemoryRow, nameOf, textsOf, toCrmRecord } from './records.ts'
import { isHit } from './search.ts'

export type { MemoryRow } from './records.ts'

export interface MemoryCrm {
  provider: CrmProvider
  /** By remoteId. */
  rows: Map<string, MemoryRow>
  activities: MemoryActivities
  /** Operations that would have been HTTP requests, by name, in order. */
  requests: string[]
}

export interface MemoryCrmOptions {
  /** Kinds of activity that the org has. Default NOTE and TASK. */
  activityTypes?: readonly ActivityType['type'][]
  rows?: readonly { entityName: string; values: MemoryRow['values']; remoteId?: string }[]
  /** Runs before each request; what it throws is what the caller gets, and what it waits for delays it. */
  before?: (operation: string) => void | Promise<void>
}

/** An org in memory under the names of a vendor. */
export function createMemoryCrm(descriptor: ProviderDescriptor, options: MemoryCrmOptions = {}): MemoryCrm {
  const entities = memoryEntities(descriptor)
  const rows = new Map<string, MemoryRow>()
  const created = new Map<string, string>()
  const activityTypes = options.activityTypes ?? ['NOTE', 'TASK']
  const requests: string[] = []
  const origin = `https://${descriptor.key.toLowerCase()}.memory.example`
  const activities = createMemoryActivities({ newId: randomUUID, url: (id) => `${origin}/activity/${id}` })

  function add(entityName: string, values: MemoryRow['values'], remoteId: string): string {
    const now = new Date().toISOString()
    rows.set(remoteId, { entityName, remoteId, values, createdAt: now, modifiedAt: now })
    return remoteId
  }
  for (const { entityName, values, remoteId } of options.rows ?? []) add(entityName, values, remoteId ?? randomUUID())

  async function request(operation: string): Promise<void> {
    requests.push(operation)
    await options.before?.(operation)
  }

  function entityOf(name: string): MemoryEntity {
    const entity = entities.get(name)
    if (entity === undefined) throw new ProviderError('NOT_FOUND', { message: `There is no entity type ${name}.` })
    return entity
  }

  function recordOf(row: MemoryRow, selection: RecordSelection): CrmRecord {
    return toCrmRecord(row, entityOf(row.entityName), selection, `${origin}/${row.entityName}/${row.remoteId}`)
  }

  function answer(question: SearchQuestion): TargetCandidates[] {
    return question.targets.flatMap(({ entityName, selection }) => {
      const entity = entities.get(entityName)
      if (entity === undefined) return []
      const found = [...rows.values()].flatMap((row) => {
        if (row.entityName !== entityName) return []
        const accountId = attributeOf(row, entity, 'accountNumber')
        const texts = {
          phones: textsOf(row, entity, 'PHONE'),
          emails: textsOf(row, entity, 'EMAIL'),
          names: [{ field: entity.descriptor.primaryField, value: nameOf(row, entity) }],
          accountIds: accountId === null ? [] : [{ field: entity.attributes.accountNumber ?? '', value: accountId }],
        }
        return question.criteria.some((criterion) => isHit(texts, criterion)) ? [{ row, texts }] : []
      })
      const page = found
        .slice(0, question.limit)
        .map(({ row, texts }) => ({ record: recordOf(row, selection), ...texts }))
      return [{ entityName, rows: page, full: found.length > question.limit }]
    })
  }

  function refuseDuplicate(entityName: string, values: MemoryRow['values']): void {
    const entity = entityOf(entityName)
    const field = entity.attributes.email
    const email = field === undefined ? null : values[field]
    if (!field || !email) return
    const twins = [...rows.values()].filter((row) => row.entityName === entityName && row.values[field] === email)
    if (twins.length === 0) return
    throw new ProviderError('DUPLICATE', {
      message: 'There is a record with this e-mail address already.',
      duplicates: twins.map((row) => ({ entityName, remoteId: row.remoteId, name: nameOf(row, entity) })),
      canInsist: true,
    })
  }

  const provider: CrmProvider = {
    key: descriptor.key,
    capabilities: () => Promise.resolve({ keyedActivities: true, keyedRecords: true }),
    limits: () => ({ used: null, limit: null, throttledUntil: null }),
    async checkCredentials() {
      await request('checkCredentials')
      return { orgId: origin, orgName: 'Memory', url: origin, connectedAs: 'Memory', problems: [] }
    },
    async listEntityTypes() {
      await request('listEntityTypes')
      return [...entities.values()].map(({ descriptor: { name, label, isActivity, creatable } }) => ({
        name,
        label,
        isActivity,
        creatable,
      }))
    },
    async describeEntityType(name) {
      await request('describeEntityType')
      return entities.get(name)?.descriptor ?? null
    },
    describeActivityType: (type) =>
      Promise.resolve(activityTypes.includes(type.type) ? memoryActivityType(type) : null),
    searchRecords: (search) =>
      runSearch(search, async (question) => {
        await request('searchRecords')
        return answer(question)
      }),
    async findRecords(entityName, remoteIds, selection) {
      if (remoteIds.length === 0) return []
      await request('findRecords')
      return remoteIds.map((id) => {
        const row = rows.get(id)
        return row?.entityName === entityName ? recordOf(row, selection) : null
      })
    },
    async createRecord({ entityName, values, key, allowDuplicate }) {
      await request('createRecord')
      const known = created.get(key)
      if (known !== undefined) return { entityName, remoteId: known }
      const texts = checkedValues(entityOf(entityName), values, { creating: true })
      if (!allowDuplicate) refuseDuplicate(entityName, texts)
      created.set(key, add(entityName, texts, randomUUID()))
      return { entityName, remoteId: created.get(key) ?? key }
    },
    async updateRecord({ entityName, remoteId }, { values }) {
      await request('updateRecord')
      const row = rows.get(remoteId)
      if (row?.entityName !== entityName) throw new ProviderError('NOT_FOUND', { message: 'The record is gone.' })
      Object.assign(row.values, checkedValues(entityOf(entityName), values, { creating: false }))
      row.modifiedAt = new Date().toISOString()
    },
    async fileActivity(draft) {
      await request('fileActivity')
      if (!rows.has(draft.regarding.remoteId)) {
        throw new ProviderError('NOT_FOUND', { message: 'The record is gone.' })
      }
      return activities.file(draft)
    },
    async findActivity(type, remoteId) {
      await request('findActivity')
      return activities.find(type, remoteId)
    },
    async findActivityByKey(type, key) {
      await request('findActivityByKey')
      return activities.findByKey(type, key)
    },
    async updateActivity(type, remoteId, change) {
      await request('updateActivity')
      return activities.update(type, remoteId, change)
    },
    recordUrl: ({ entityName, remoteId }) => `${origin}/${entityName}/${remoteId}`,
    close: () => Promise.resolve(),
  }
  return { provider, rows, activities, requests }
}
