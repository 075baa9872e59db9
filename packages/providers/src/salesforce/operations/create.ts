/** Creating records, once per key where the org has a field that holds keys (crm-apis.md 2.9, 2.11, 2.14). */
import { type DuplicateCandidate, ProviderError } from '../../errors.ts'
import type { Deadline } from '../../http/index.ts'
import type { RemoteReference } from '../../model/index.ts'
import type { CreateRecordRequest } from '../../provider.ts'
import { apiRoot, createdId, type SalesforceClient } from '../client.ts'
import type { ObjectMetadata } from '../metadata.ts'
import { literal, literals, select } from '../soql.ts'
import { type JsonValue, toRowBody } from '../values.ts'
import type { Metadata } from './describe.ts'
import type { RecordType, RecordTypes } from './record-types.ts'

export interface CreateParts {
  client: SalesforceClient
  metadata: Metadata
  recordTypes: RecordTypes
}

/** Refused before it is sent, by what we know of the org's record types, which may be old. */
function refuseRecordType(message: string): ProviderError {
  const fields = [{ name: 'RecordTypeId', message }]
  return new ProviderError('CRM_REJECTED', { message, fields, metadataDoubtful: true })
}

/** Which record type to name; null where the org's default is right. */
function recordTypeFor(recordTypes: readonly RecordType[], request: CreateRecordRequest): RecordType | null {
  const { accountKind } = request
  const isRight = (one: RecordType) => accountKind === undefined || one.isPerson === (accountKind === 'PERSON')
  if (request.recordType !== undefined) {
    const named = recordTypes.find(({ name }) => name === request.recordType)
    if (named === undefined) throw refuseRecordType('Salesforce has no such record type, or hides it from us.')
    if (isRight(named)) return named
    throw refuseRecordType(`This record type makes ${named.isPerson ? 'person' : 'business'} accounts.`)
  }
  if (accountKind === 'PERSON') {
    const persons = recordTypes.filter(isRight)
    const person = persons.find(({ isDefault }) => isDefault) ?? persons[0]
    if (person === undefined) throw refuseRecordType('This Salesforce org has no person accounts for us.')
    return person
  }
  const makesPersons = recordTypes.some(({ isDefault, isPerson }) => isDefault && isPerson)
  return makesPersons ? (recordTypes.find(({ isPerson }) => !isPerson) ?? null) : null
}

/**
 * The row to be sent. A person account has no Name of its own, a business account no e-mail address: such a
 * value is left out, for it belongs to the other kind's form.
 */
function toBody(
  object: ObjectMetadata,
  recordType: RecordType | null,
  request: CreateRecordRequest,
): Record<string, JsonValue> {
  const foreign = request.kind !== 'ACCOUNT' ? null : recordType?.isPerson ? 'Name' : 'PersonEmail'
  return {
    ...toRowBody(request.values.filter((field) => field.name !== foreign)),
    ...(recordType === null ? {} : { RecordTypeId: recordType.id }),
    ...(object.keyField === null ? {} : { [object.keyField]: request.key }),
  }
}

async function findByKey(object: ObjectMetadata, key: string, { client }: CreateParts, deadline: Deadline) {
  if (object.keyField === null) return null
  const where = `${object.keyField} = ${literal(key)}`
  const [row] = await client.query('create', select({ columns: ['Id'], from: object.name, where, limit: 1 }), deadline)
  return row === undefined ? null : { entityName: object.name, remoteId: String(row['Id']) }
}

/** The candidates with their names, which the refusal leaves out. Without names they still point at the right records. */
async function withNames(
  candidates: readonly DuplicateCandidate[],
  { client, metadata }: CreateParts,
  deadline: Deadline,
) {
  const named = new Map<string, string>()
  const entityNames = [...new Set(candidates.map((candidate) => candidate.entityName))].slice(0, 5)
  const queries = await Promise.all(
    entityNames.map(async (entityName) => {
      const object = await metadata.object(entityName, deadline)
      const ids = candidates.filter((candidate) => candidate.entityName === entityName).map(({ remoteId }) => remoteId)
      const nameField = object?.primaryField ?? 'Name'
      return {
        nameField,
        soql: select({ columns: ['Id', nameField], from: entityName, where: `Id IN ${literals(ids)}` }),
      }
    }),
  )
  const outcomes = await client.queries(
    'create',
    queries.map(({ soql }) => soql),
    deadline,
  )
  outcomes.forEach((outcome, index) => {
    if ('error' in outcome) return
    for (const row of outcome.rows) named.set(String(row['Id']), String(row[queries[index]?.nameField ?? 'Name']))
  })
  return candidates.map((candidate) => ({ ...candidate, name: named.get(candidate.remoteId) ?? candidate.name }))
}

async function nameCandidates(error: ProviderError, parts: CreateParts, deadline: Deadline): Promise<ProviderError> {
  const duplicates = await withNames(error.duplicates, parts, deadline).catch(() => error.duplicates)
  return new ProviderError('DUPLICATE', {
    message: error.message,
    duplicates: [...duplicates],
    canInsist: error.canInsist,
    cause: error,
    ...(error.providerCode === undefined ? {} : { providerCode: error.providerCode }),
    ...(error.status === undefined ? {} : { status: error.status }),
  })
}

/** What a failed create comes to: perhaps the record is there after all. */
async function settle(
  error: ProviderError,
  object: ObjectMetadata,
  request: CreateRecordRequest,
  parts: CreateParts,
  deadline: Deadline,
): Promise<RemoteReference> {
  if (error.outcome === 'UNKNOWN' && object.keyField === null) {
    throw new ProviderError('CRM_OUTCOME_UNKNOWN', {
      message: 'Salesforce may have saved this record, but its answer was lost. Look for it before you save it again.',
      outcome: 'UNKNOWN',
      cause: error,
    })
  }
  if (error.providerCode !== 'DUPLICATE_VALUE' && error.code !== 'DUPLICATE') throw error
  // The first try of this very request, whose answer was lost, is no duplicate (ruling 9).
  const own = await findByKey(object, request.key, parts, deadline)
  if (own !== null) return own
  throw error.code === 'DUPLICATE' ? await nameCandidates(error, parts, deadline) : error
}

/**
 * Creates with a plain POST that carries our key in a unique field: a second one is refused by the org, and changes
 * nothing, where an upsert would write the values over what people have made of them since.
 */
export async function createRecord(
  request: CreateRecordRequest,
  parts: CreateParts,
  deadline: Deadline,
): Promise<RemoteReference> {
  const object = await parts.metadata.object(request.entityName, deadline)
  if (object === null) {
    const message = 'Salesforce has no such entity type, or hides it from us.'
    throw new ProviderError('NOT_FOUND', { message, metadataDoubtful: true })
  }
  const recordTypes = await parts.recordTypes.of(object, deadline)
  const body = toBody(object, recordTypeFor(recordTypes, request), request)
  try {
    const answer = await parts.client.call(
      {
        operation: 'create',
        method: 'POST',
        path: `${apiRoot}/sobjects/${object.name}`,
        effect: 'WRITE',
        body,
        ...(request.allowDuplicate ? { headers: { 'sforce-duplicate-rule-header': 'allowSave=true' } } : {}),
      },
      deadline,
    )
    return { entityName: object.name, remoteId: createdId(answer) }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.metadataDoubtful) parts.metadata.forget(object.name)
    return settle(error, object, request, parts, deadline)
  }
}
