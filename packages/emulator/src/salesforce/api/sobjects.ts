import type { Row } from '../../store.ts'
import {
  entityIsDeleted,
  methodNotAllowed,
  notFound,
  refused,
  rowError,
  SalesforceError,
  unknownType,
} from '../errors.ts'
import { normaliseId } from '../ids.ts'
import type { SObject } from '../metadata/schema.ts'
import { rowsWith } from '../records/values.ts'
import { createRecord, deleteRecord, updateRecord } from '../records/write.ts'
import { parseTime } from '../times.ts'
import { type ApiAnswer, type ApiCall, type Org, readObject, recordContext } from './call.ts'
import { describeBriefly, describeObject } from './describe.ts'

/** Upserts answer 200 with a body from here on, 204 before. */
const upsertBodySince = 46

/** Everything below `sobjects/`. */
export function answerSObjects(call: ApiCall, org: Org): ApiAnswer {
  const [, name, third, ...rest] = call.segments
  if (name === undefined) return globalDescribe(call, org)
  const object = org.schema().objectNamed(name)
  if (!object) throw notFound()
  if (third === undefined) return answerObject(call, org, object)
  if (third === 'describe' && rest.length === 0) return describe(call, org, object)
  if (rest.length === 0) return answerRow(call, org, object, findRow(object, third, org))
  return answerKeyed(call, org, object, third, rest.join('/'))
}

/** The row with this id; refuses malformed ids and what is not or no longer there. */
export function findRow(object: SObject, text: unknown, org: Org): Row {
  const id = typeof text === 'string' ? normaliseId(text) : null
  if (id === null) throw refused('MALFORMED_ID', `malformed id ${typeof text === 'string' ? text : ''}`)
  const row = org.store.table(object.name).get(id)
  if (!row) throw notFound()
  if (row.IsDeleted === true) throw entityIsDeleted()
  return row
}

/** Refuses objects that are the org's own. */
export function checkWritable(object: SObject, what: 'createable' | 'updateable' | 'deletable'): void {
  if (!object[what])
    throw rowError('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type ${object.name} does not support this operation`)
}

function globalDescribe(call: ApiCall, org: Org): ApiAnswer {
  if (call.method !== 'GET') throw methodNotAllowed(call.method, 'HEAD,GET')
  const { objects, modifiedAt } = org.schema()
  return unlessUnchanged(call, modifiedAt, () => ({
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: objects.map((object) => describeBriefly(object, call.version)),
  }))
}

function describe(call: ApiCall, org: Org, object: SObject): ApiAnswer {
  if (call.method !== 'GET') throw methodNotAllowed(call.method, 'HEAD,GET')
  return unlessUnchanged(call, org.schema().modifiedAt, () => describeObject(object, call.version, org.store))
}

/** 304 when the caller has the metadata as it is. */
function unlessUnchanged(call: ApiCall, modifiedAt: number, value: () => unknown): ApiAnswer {
  const since = Date.parse(call.headers['if-modified-since'] ?? '')
  const headers = { 'last-modified': new Date(modifiedAt).toUTCString() }
  return since >= modifiedAt ? { status: 304, headers } : { status: 200, headers, value: value() }
}

function answerObject(call: ApiCall, org: Org, object: SObject): ApiAnswer {
  if (call.method === 'GET') {
    const recentItems = [...org.store.table(object.name).values()].slice(-5).map((row) => ({
      attributes: attributesOf(object, row, call),
      Id: row.Id,
    }))
    return { status: 200, value: { objectDescribe: describeBriefly(object, call.version), recentItems } }
  }
  if (call.method !== 'POST') throw methodNotAllowed(call.method, 'HEAD,GET,POST')
  checkWritable(object, 'createable')
  return created(call, object, createRecord(object, readObject(call), recordContext(call, org)))
}

function created(call: ApiCall, object: SObject, id: string, extra: Record<string, unknown> = {}): ApiAnswer {
  return {
    status: 201,
    headers: { location: `/services/data/${call.version}/sobjects/${object.name}/${id}` },
    value: { id, success: true, errors: [], ...extra },
  }
}

function answerRow(call: ApiCall, org: Org, object: SObject, row: Row): ApiAnswer {
  switch (call.method) {
    case 'GET':
      return { status: 200, value: showRow(call, object, row) }
    case 'PATCH':
      checkWritable(object, 'updateable')
      checkUnmodified(call, row)
      updateRecord(object, row, readObject(call), recordContext(call, org))
      return { status: 204 }
    case 'DELETE':
      checkWritable(object, 'deletable')
      checkUnmodified(call, row)
      deleteRecord(object, row, recordContext(call, org))
      return { status: 204 }
    default:
      throw methodNotAllowed(call.method, 'HEAD,GET,PATCH,DELETE')
  }
}

/** HTTP dates have whole seconds, so a change within the very second passes (crm-apis.md 2.10). */
function checkUnmodified(call: ApiCall, row: Row): void {
  const since = Date.parse(call.headers['if-unmodified-since'] ?? '')
  const modified = parseTime(String(row.LastModifiedDate)) ?? 0
  if (Math.floor(modified / 1000) > Math.floor(since / 1000)) {
    throw new SalesforceError(412, {
      errorCode: 'PRECONDITION_FAILED',
      message: 'The resource was modified after the time given in If-Unmodified-Since',
    })
  }
}

function showRow(call: ApiCall, object: SObject, row: Row): Record<string, unknown> {
  const names = call.query
    .get('fields')
    ?.split(',')
    .map((name) => name.trim())
  const fields = (names ?? object.fields.map((field) => field.name)).map((name) => {
    const field = object.fieldNamed(name)
    if (!field) throw refused('INVALID_FIELD', `No such column '${name}' on entity '${object.name}'`)
    return field.name
  })
  const record: Record<string, unknown> = { attributes: attributesOf(object, row, call) }
  for (const name of fields) record[name] = row[name] ?? null
  return record
}

const attributesOf = (object: SObject, row: Row, call: ApiCall) => ({
  type: object.name,
  url: `/services/data/${call.version}/sobjects/${object.name}/${String(row.Id)}`,
})

/** `sobjects/X/<field>/<value>`: reading, upserting and deleting by an external id. */
function answerKeyed(call: ApiCall, org: Org, object: SObject, name: string, value: string): ApiAnswer {
  const field = object.fieldNamed(name)
  if (field?.type === 'id') return answerRow(call, org, object, findRow(object, value, org))
  if (!field?.idLookup) {
    throw notFound(`Provided external ID field does not exist or is not accessible: ${name}`)
  }
  const rows = rowsWith(org, object.name, field.name, value)
  if (rows.length > 1) {
    return { status: 300, value: rows.map((row) => attributesOf(object, row, call).url) }
  }
  const [row] = rows
  if (call.method !== 'PATCH') {
    if (!row) throw notFound()
    return answerRow(call, org, object, row)
  }
  const id = upsertRecord(call, org, object, field.name, value, readObject(call))
  if (!row) return created(call, object, id, { created: true })
  if (Number(call.version.slice(1)) < upsertBodySince) return { status: 204 }
  return { status: 200, value: { id, success: true, errors: [], created: false } }
}

/** Creates or updates the one row with this key; answers its id. Refuses when several have it. */
export function upsertRecord(
  call: ApiCall,
  org: Org,
  object: SObject,
  field: string,
  key: string,
  input: Record<string, unknown>,
): string {
  if (Object.keys(input).some((name) => name.toLowerCase() === field.toLowerCase())) {
    throw refused('INVALID_FIELD', `The ${field} field should not be specified in the sobject data.`)
  }
  checkWritable(object, 'createable')
  const rows = rowsWith(org, object.name, field, key)
  if (rows.length > 1) {
    const ids = rows.map((row) => String(row.Id)).join(', ')
    throw rowError('DUPLICATE_EXTERNAL_ID', `${field}: more than one record found for external id field: [${ids}]`, [
      field,
    ])
  }
  const [row] = rows
  const context = recordContext(call, org)
  if (!row) return createRecord(object, { ...input, [field]: key }, context)
  updateRecord(object, row, input, context)
  return String(row.Id)
}

/** The object that a collection's record names in its `attributes`. */
export function objectOf(record: Record<string, unknown>, org: Org): SObject {
  const type = (record.attributes as { type?: unknown } | undefined)?.type
  const name = typeof type === 'string' ? type : ''
  const object = org.schema().objectNamed(name)
  if (!object) throw unknownType(name)
  return object
}
