/** Record types: which an object has, which of them make person accounts, and which values each offers (crm-apis.md 2.4, 2.9). */
import { ProviderError } from '../../errors.ts'
import type { Deadline } from '../../http/index.ts'
import type { FieldOption } from '../../model/index.ts'
import { apiRoot, type SalesforceClient } from '../client.ts'
import { keepAnswers } from '../kept-answers.ts'
import type { ObjectMetadata, ObjectRecordType } from '../metadata.ts'
import { literal, select } from '../soql.ts'

export type RecordType = ObjectRecordType & { isPerson: boolean }

/** By field: what may be chosen. A picklist that is not among them offers all of its values. */
export type OfferedOptions = ReadonlyMap<string, readonly FieldOption[]>

export interface RecordTypes {
  /** The same list until the org has been read anew. */
  of(object: ObjectMetadata, deadline: Deadline): Promise<readonly RecordType[]>
  optionsFor(object: ObjectMetadata, recordType: RecordType, deadline: Deadline): Promise<OfferedOptions>
  /** The next who asks gets what the org says then. */
  forget(): void
}

interface PicklistAnswer {
  picklistFieldValues?: Record<string, { values?: { value?: unknown; label?: unknown }[] }>
}

function toOfferedOptions(answer: PicklistAnswer | null | undefined): OfferedOptions {
  const offered = new Map<string, readonly FieldOption[]>()
  for (const [field, { values }] of Object.entries(answer?.picklistFieldValues ?? {})) {
    if (!Array.isArray(values)) continue
    const options = values.flatMap(({ value, label }): FieldOption[] =>
      typeof value === 'string' ? [{ value, label: typeof label === 'string' ? label : value }] : [],
    )
    offered.set(field, options)
  }
  return offered
}

/** The resource is the pages' own and not in every edition or scope: where it is not to be had, all values count. */
function isNotToBeHad(error: unknown): boolean {
  return (
    error instanceof ProviderError &&
    (error.code === 'NOT_FOUND' || error.code === 'CRM_FORBIDDEN' || error.code === 'CRM_REJECTED')
  )
}

export function createRecordTypes(client: SalesforceClient, now: () => number): RecordTypes {
  /** Developer names of the record types that make person accounts. Asked where they matter, never by a search. */
  const persons = keepAnswers(async (_object, deadline): Promise<ReadonlySet<string>> => {
    const where = `SobjectType = ${literal('Account')} AND IsActive = TRUE AND IsPersonType = TRUE`
    const soql = select({ columns: ['DeveloperName'], from: 'RecordType', where })
    const rows = await client.query('describe', soql, deadline)
    return new Set(rows.map((row) => String(row['DeveloperName'])))
  }, now)

  const options = keepAnswers(async (path, deadline): Promise<OfferedOptions> => {
    try {
      const answer = await client.call({ operation: 'describe', method: 'GET', path, effect: 'READ' }, deadline)
      return toOfferedOptions(answer.body as PicklistAnswer | undefined)
    } catch (error) {
      if (isNotToBeHad(error)) return new Map()
      throw error
    }
  }, now)

  const nobody: ReadonlySet<string> = new Set()
  const told = new WeakMap<ObjectMetadata, { persons: ReadonlySet<string>; recordTypes: readonly RecordType[] }>()

  return {
    async of(object, deadline) {
      const makePersons = object.hasPersons ? await persons.get(object.name, deadline) : nobody
      const known = told.get(object)
      if (known?.persons === makePersons) return known.recordTypes
      const recordTypes = object.recordTypes.map((one) => ({ ...one, isPerson: makePersons.has(one.name) }))
      told.set(object, { persons: makePersons, recordTypes })
      return recordTypes
    },
    optionsFor: (object, recordType, deadline) =>
      options.get(`${apiRoot}/ui-api/object-info/${object.name}/picklist-values/${recordType.id}`, deadline),
    forget() {
      persons.forget()
      options.forget()
    },
  }
}
