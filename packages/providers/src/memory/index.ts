/** The contract kept in Maps: fast tests of what uses a provider, and proof that the contract names no vendor. */
import { randomUUID } from 'node:crypto'
import { ProviderError } from '../errors.ts'
import type { ActivityType, CrmRecord, RecordSelection, SearchRequest, Successor } from '../model/index.ts'
import type { CrmProvider, ProviderDescriptor } from '../provider.ts'
import { runSearch, type SearchQuestion, type TargetCandidates } from '../search/index.ts'
import { createMemoryActivities, type MemoryActivities } from './activities.ts'
import { type MemoryEntity, type MemoryField, memoryActivityType, memoryEntities } from './entities.ts'
import { checkedValues, type MemoryRow, nameOf, toCrmRecord } from './records.ts'
import { isHit, type MemoryQuestion, textsOfRow, toMemoryQuestion } from './search.ts'

export type { MemoryRow } from './records.ts'

export interface MemoryCrm {
  provider: CrmProvider
  /** By remoteId. */
  rows: Map<string, MemoryRow>
  activities: MemoryActivities
  /** By remoteId: what stands for a record that was merged or converted. One that lost a merge is no row any more. */
  successors: Map<string, Successor>
  /** Operations that would have been HTTP requests, by name, in order. */
  requests: string[]
}

export interface MemoryCrmOptions {
  /** Kinds of activity that the org has. Default NOTE and TASK. */
  activityTypes?: readonly ActivityType['type'][]
  /** Fields that the org has besides those of the descriptor. */
  fields?: readonly MemoryField[]
  rows?: readonly { entityName: string; values: MemoryRow['values']; remoteId?: string }[]
  /** Runs before each request; what it throws is what the caller gets, and what it waits for delays it. */
  before?: (operation: string) => void | Promise<void>
}

/** An org in memory under the names of a vendor. */
export function createMemoryCrm(descriptor: ProviderDescriptor, options: MemoryCrmOptions = {}): MemoryCrm {
  const entities = memoryEntities(descriptor, options.fields ?? [])
  const rows = new Map<string, MemoryRow>()
  const created = new Map<string, string>()
  const successors = new Map<string, Successor>()
  const activityTypes = options.activityTypes ?? ['NOTE', 'TASK']
  const requests: string[] = []
  const origin = `https://${descriptor.key.toLowerCase()}.memory.example`
  const activities = createMemoryActivities({ newId: randomUUID, url: (id) => `${origin}/activity/${id}` })

  function add(entityName: string, values: MemoryRow['values'], remoteId: string): string {
    const now = new Date().toISOString()
    rows.set(remoteId, { entityName, remoteId, values, createdAt: now, modifiedAt: now, version: 1 })
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

  function nameOfRow(remoteId: string): string | null {
    const row = rows.get(remoteId)
    return row === undefined ? null : nameOf(row, entityOf(row.entityName))
  }

  /** How each target of a search is asked; what the org does not have is left out. */
  function questionsOf(search: SearchRequest): Map<string, MemoryQuestion> {
    return new Map(
      search.targets.flatMap((target) => {
        const entity = entities.get(target.entityName)
        return entity === undefined ? [] : [[target.entityName, toMemoryQuestion(search, target, entity)] as const]
      }),
    )
  }

  function answer({ targets, criteria, limit }: SearchQuestion, questions: Map<string, MemoryQuestion>) {
    return targets.flatMap(({ entityName, selection }): TargetCandidates[] => {
      const question = questions.get(entityName)
      if (question === undefined) return []
      const entity = entityOf(entityName)
      const found = [...rows.values()].flatMap((row) => {
        const texts = row.entityName === entityName ? textsOfRow(row, entity, question, nameOfRow) : null
        return texts !== null && criteria.some((criterion) => isHit(texts, criterion)) ? [{ row, texts }] : []
      })
      const page = found.slice(0, limit).map(({ row, texts }) => ({ record: recordOf(row, selection), ...texts }))
      return [{ entityName, rows: page, full: found.length > limit }]
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
    async searchRecords(search) {
      const questions = questionsOf(search)
      return runSearch(search, async (question) => {
        await request('searchRecords')
        return answer(question, questions)
      })
    },
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
    async updateRecord({ entityName, remoteId }, { values, expectedVersion }) {
      await request('updateRecord')
      const row = rows.get(remoteId)
      if (row?.entityName !== entityName) throw new ProviderError('NOT_FOUND', { message: 'The record is gone.' })
      if (expectedVersion != null && expectedVersion !== String(row.version)) {
        throw new ProviderError('CONFLICT', { message: 'The record was changed meanwhile.' })
      }
      Object.assign(row.values, checkedValues(entityOf(entityName), values, { creating: false }))
      row.modifiedAt = new Date().toISOString()
      row.version += 1
    },
    async findSuccessor({ remoteId }) {
      await request('findSuccessor')
      return successors.get(remoteId) ?? null
    },
    async fileActivity(draft) {
      await request('fileActivity')
      const { remoteId } = draft.regarding
      if (!rows.has(remoteId) || successors.has(remoteId)) {
        throw new ProviderError('CRM_RECORD_GONE', { message: 'The record is gone.' })
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
  return { provider, rows, successors, activities, requests }
}
