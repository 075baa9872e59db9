/** One row by its key: reading, making, changing, deleting, under the conditions of the headers (crm-apis.md 1.3, 1.9). */
import type { EmulatorResponse } from '../../http.ts'
import type { Row } from '../../store.ts'
import { type Call, emptyResponse, odataResponse } from '../call.ts'
import { alternateKeyNotFound, keyExists, methodNotAllowed, recordNotFound, versionMismatch } from '../errors.ts'
import type { Org } from '../org.ts'
import { preferenceApplied, readPreferences } from '../preferences.ts'
import type { Query } from '../read/query.ts'
import { contextOf, etagOf, serializeRow } from '../read/serialize.ts'
import type { Entity } from '../schema/index.ts'
import { findByKey, type Key } from '../write/key.ts'
import { parseBody } from '../write/payload.ts'
import { createRow, deleteRow, updateRow, type WriteContext } from '../write/save.ts'
import { queryOf } from './collection.ts'

export function writeContext(call: Call, org: Org): WriteContext {
  return {
    model: org.model(),
    store: org.store,
    now: org.clock.now,
    userId: org.userId,
    detectDuplicates: call.headers['mscrm.suppressduplicatedetection']?.toLowerCase() === 'false',
  }
}

/** The row that the key names; throws the server's 404. */
export function getRow(key: Key, entity: Entity, org: Org): Row {
  const row = findByKey(key, entity, org.store)
  if (!row) throw 'id' in key ? recordNotFound(entity.name, key.id) : alternateKeyNotFound(entity.name)
  return row
}

export function answerRecord(call: Call, entity: Entity, key: Key, org: Org): EmulatorResponse {
  switch (call.method) {
    case 'GET':
      return readRecord(call, entity, key, org)
    case 'PATCH':
      return patchRecord(call, entity, key, org)
    case 'DELETE': {
      const row = getRow(key, entity, org)
      checkMatch(row, call)
      deleteRow(row, entity, writeContext(call, org))
      return emptyResponse()
    }
    default:
      throw methodNotAllowed(call.method)
  }
}

function readRecord(call: Call, entity: Entity, key: Key, org: Org): EmulatorResponse {
  const row = getRow(key, entity, org)
  const etag = etagOf(row)
  if (call.headers['if-none-match'] === etag) return emptyResponse({ etag }, 304)
  return odataResponse(200, representation(row, call, queryOf(call, entity, org), org), {
    etag,
    ...preferenceApplied(call.headers['prefer']),
  })
}

/** The row as the answer shows it: what the address selects, or everything. */
function representation(row: Row, call: Call, query: Query, org: Org): Record<string, unknown> {
  const { annotations } = readPreferences(call.headers['prefer'])
  const serializer = { model: org.model(), store: org.store, annotations, root: call.root }
  return {
    '@odata.context': `${call.root}/$metadata#${contextOf(query)}/$entity`,
    ...serializeRow(row, query, serializer),
  }
}

/** Makes a row of the body of a POST. */
export function postRecord(
  call: Call,
  entity: Entity,
  org: Org,
  given: Record<string, string | null> = {},
): EmulatorResponse {
  const row = createRow(parseBody(call.body, entity), entity, writeContext(call, org), given)
  return saved(row, true, call, entity, org)
}

function patchRecord(call: Call, entity: Entity, key: Key, org: Org): EmulatorResponse {
  const before = findByKey(key, entity, org.store)
  const body = parseBody(call.body, entity)
  const context = writeContext(call, org)
  if (before) {
    if (call.headers['if-none-match'] === '*') throw keyExists()
    checkMatch(before, call)
    return saved(updateRow(before, body, entity, context), false, call, entity, org)
  }
  if (call.headers['if-match'] !== undefined) getRow(key, entity, org)
  const given = 'id' in key ? { [entity.definition.primaryId]: key.id } : Object.fromEntries(key.columns)
  return saved(createRow(body, entity, context, given), true, call, entity, org)
}

function checkMatch(row: Row, call: Call): void {
  const wanted = call.headers['if-match']
  if (wanted !== undefined && wanted !== '*' && wanted !== etagOf(row)) throw versionMismatch()
}

/** Writes select what they answer, but expand nothing (crm-apis.md 1.6). */
function saved(row: Row, isNew: boolean, call: Call, entity: Entity, org: Org): EmulatorResponse {
  if (readPreferences(call.headers['prefer']).returnRepresentation) {
    const query = { ...queryOf(call, entity, org), expand: [] }
    const applied = preferenceApplied(call.headers['prefer'])
    return odataResponse(isNew ? 201 : 200, representation(row, call, query, org), applied)
  }
  const address = `${call.root}/${entity.setName}(${String(row[entity.definition.primaryId])})`
  return emptyResponse({ 'odata-entityid': address, ...(isNew && { location: address }) })
}
