/** New rows, made once: the caller's key is the primary key (crm-apis.md 1.9). */
import { afterWrite, type DuplicateCandidate, ProviderError } from '../../errors.ts'
import type { Deadline } from '../../http/index.ts'
import type { FieldValue, RemoteReference } from '../../model/index.ts'
import type { CreateRecordRequest } from '../../provider.ts'
import { type Row, readRows } from '../client.ts'
import { standardTables, type Table } from '../entities.ts'
import type { TableMetadata } from '../metadata-rows.ts'
import { anyOf, equals, toGuid, toQueryString } from '../odata.ts'
import { getSetNames, getTableMetadata, type Org, toTable } from '../org.ts'
import { toRow } from '../values.ts'

/** As many as a person can look through. */
const mostCandidates = 5

export async function createRecord(
  org: Org,
  request: CreateRecordRequest,
  deadline: Deadline,
): Promise<RemoteReference> {
  const { entityName, values, allowDuplicate } = request
  const remoteId = toGuid(request.key)
  const metadata = await getTableMetadata(org, entityName, deadline)
  const row = toRow(values, metadata, await getSetNames(org, values, deadline), 'CREATE')
  const { body, closing } = openFirst(row, metadata)
  const path = `${metadata.setName}(${remoteId})`
  // The Web API leaves the org's duplicate rules out unless it is told otherwise.
  const rules = allowDuplicate ? undefined : { 'mscrm.suppressduplicatedetection': 'false' }
  const headers = { 'if-none-match': '*', ...rules }
  const settle = async (): Promise<RemoteReference> => {
    if (closing !== null) {
      const request = {
        operation: 'create',
        method: 'PATCH',
        path,
        headers: { 'if-match': '*' },
        body: closing,
      } as const
      await afterWrite(() => org.client.send(request, deadline))
    }
    return { entityName, remoteId }
  }
  try {
    await org.client.send({ operation: 'create', method: 'PATCH', path, headers, body }, deadline)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    // The rules may see what an earlier try made before the key is looked at (ruling 9).
    const mayBeOurs = error.code === 'CONFLICT' || error.code === 'DUPLICATE'
    if (mayBeOurs && (await exists(org, path, metadata.idField, deadline))) return settle()
    if (error.code === 'DUPLICATE') {
      const table = standardTables.get(entityName) ?? toTable(metadata)
      throw await withCandidates(error, org, table, values, deadline)
    }
    if (error.metadataDoubtful) org.metadata.forget(entityName)
    else if (error.code === 'NOT_FOUND') throw lookupGone(error)
    throw error
  }
  return settle()
}

/**
 * A row begins in its first state, whatever it is given (crm-apis.md 1.10): a status reason of another one is written
 * once it is there.
 */
function openFirst(row: Row, { statesByReason }: TableMetadata): { body: Row; closing: Row | null } {
  const { statuscode, ...body } = row
  const statecode = typeof statuscode === 'number' ? statesByReason.get(statuscode) : undefined
  if (statecode === undefined || statecode === 0) return { body: row, closing: null }
  return { body, closing: { statecode, statuscode } }
}

/** Nobody else derives our keys: a row that has ours is what an earlier try made. */
async function exists(org: Org, path: string, idField: string, deadline: Deadline): Promise<boolean> {
  const query = { path: path + toQueryString({ $select: idField }) }
  const [answer] = await org.client.read('create', [query], deadline)
  return answer?.error === null
}

/** The row is new, so what is missing is something that a lookup points to. */
function lookupGone(cause: ProviderError): ProviderError {
  return new ProviderError('CRM_REJECTED', {
    message: 'A record that this one points to does not exist any more.',
    ...(cause.providerCode === undefined ? {} : { providerCode: cause.providerCode }),
    cause,
  })
}

/**
 * The CRM does not say which rows its rules found. Its default rules compare e-mail addresses and names, so those are
 * looked for; custom rules may have found others, and then the list is empty.
 */
async function withCandidates(
  error: ProviderError,
  org: Org,
  table: Table,
  values: readonly FieldValue[],
  deadline: Deadline,
): Promise<ProviderError> {
  const compared = [table.nameField, ...table.emailFields, ...table.phoneFields]
  const terms = values.flatMap(({ name, value }) => (value && compared.includes(name) ? [equals(name, value)] : []))
  const fullName = fullNameOf(table, values)
  if (fullName !== null) terms.push(equals(table.nameField, fullName))
  const duplicates = terms.length === 0 ? [] : await findCandidates(org, table, anyOf(terms), deadline)
  return new ProviderError('DUPLICATE', {
    message: error.message,
    ...(error.providerCode === undefined ? {} : { providerCode: error.providerCode }),
    ...(error.status === undefined ? {} : { status: error.status }),
    canInsist: true,
    duplicates,
    cause: error,
  })
}

/** People are named by their parts, and found by what the CRM makes of them. */
function fullNameOf({ columns }: Table, values: readonly FieldValue[]): string | null {
  const partOf = (names: readonly string[] = []) => values.find(({ name }) => names.includes(name))?.value ?? ''
  const [first, last] = [partOf(columns.firstName), partOf(columns.lastName)]
  return first === '' || last === '' ? null : `${first} ${last}`
}

async function findCandidates(
  org: Org,
  { logicalName, setName, idField, nameField }: Table,
  $filter: string,
  deadline: Deadline,
): Promise<DuplicateCandidate[]> {
  const $top = String(mostCandidates)
  const path = setName + toQueryString({ $select: nameField, $filter, $orderby: idField, $top })
  const [answer] = await org.client.read('find-duplicates', [{ path }], deadline)
  return answer?.body == null
    ? []
    : readRows(answer.body).map((row) => ({
        entityName: logicalName,
        remoteId: String(row[idField]),
        name: typeof row[nameField] === 'string' ? row[nameField] : null,
      }))
}
