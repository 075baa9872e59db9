/** What stands below a row's address: one column, what a lookup leads to, a collection, and links themselves (`$ref`). */
import type { EmulatorResponse } from '../../http.ts'
import { type Row, textOf } from '../../store.ts'
import { type Call, emptyResponse, odataResponse, textResponse } from '../call.ts'
import { badPayload, methodNotAllowed, recordNotFound, segmentNotFound } from '../errors.ts'
import type { Org } from '../org.ts'
import { lookedUpRow, relatedRows } from '../read/rows.ts'
import type { Attribute, Entity, Relationship } from '../schema/index.ts'
import { parseKey, splitKey } from '../write/key.ts'
import { findTarget, parseBody } from '../write/payload.ts'
import { updateRow } from '../write/save.ts'
import { countRows, listRows } from './collection.ts'
import { answerRecord, getRow, postRecord, writeContext } from './record.ts'

/** `rest` are the segments after the row's own. */
export function answerProperty(
  call: Call,
  entity: Entity,
  row: Row,
  rest: readonly string[],
  org: Org,
): EmulatorResponse {
  const [segment = '', last, ...tooMuch] = rest
  const split = splitKey(segment)
  if (!split || tooMuch.length > 0) throw segmentNotFound(rest.at(-1) ?? '')
  const attribute = entity.properties.get(split.name)
  const navigation = entity.navigations.get(split.name)
  const collection = entity.collections.get(split.name)
  if (attribute) return answerColumn(call, entity, row, attribute, last, org)
  if (navigation) return answerLookup(call, entity, row, navigation, split.name, last, org)
  if (collection) return answerCollection(call, row, collection, split, last, org)
  throw segmentNotFound(split.name)
}

function answerColumn(
  call: Call,
  entity: Entity,
  row: Row,
  { property }: Attribute,
  last: string | undefined,
  org: Org,
): EmulatorResponse {
  const value = row[property] ?? null
  const id = String(row[entity.definition.primaryId])
  switch (call.method) {
    case 'GET':
      if (last === '$value') return value === null ? emptyResponse() : textResponse(textOf(value))
      if (value === null) return emptyResponse()
      return odataResponse(200, {
        '@odata.context': `${call.root}/$metadata#${entity.setName}(${id})/${property}`,
        value,
      })
    case 'PUT':
      updateRow(row, { [property]: parseBody(call.body, entity)['value'] ?? null }, entity, writeContext(call, org))
      return emptyResponse()
    case 'DELETE':
      updateRow(row, { [property]: null }, entity, writeContext(call, org))
      return emptyResponse()
    default:
      throw methodNotAllowed(call.method)
  }
}

function answerLookup(
  call: Call,
  entity: Entity,
  row: Row,
  navigation: Relationship,
  name: string,
  last: string | undefined,
  org: Org,
): EmulatorResponse {
  const bind = (target: unknown) => {
    updateRow(row, { [`${name}@odata.bind`]: target }, entity, writeContext(call, org))
    return emptyResponse()
  }
  if (last === '$ref' && call.method === 'DELETE') return bind(null)
  if (last === '$ref' && call.method === 'PUT') return bind(parseBody(call.body, entity)['@odata.id'])
  if (call.method !== 'GET') throw methodNotAllowed(call.method)
  const target = lookedUpRow(navigation, row, org.store)
  if (!target) return emptyResponse()
  const { to } = navigation
  const id = String(target[to.definition.primaryId])
  if (last !== '$ref') return answerRecord(call, to, { id }, org)
  return odataResponse(200, {
    '@odata.context': `${call.root}/$metadata#$ref`,
    '@odata.id': `${call.root}/${to.setName}(${id})`,
  })
}

function answerCollection(
  call: Call,
  row: Row,
  collection: Relationship,
  { name, key }: { name: string; key?: string },
  last: string | undefined,
  org: Org,
): EmulatorResponse {
  const { from, to, attribute } = collection
  const id = String(row[to.definition.primaryId])
  const navigation = collection.navigations[0] ?? attribute.name
  const related = relatedRows(collection, id, org.store)
  if (call.method === 'GET') {
    if (last === '$count') return countRows(call, from, org, related)
    return listRows(call, from, org, `${call.root}/${to.setName}(${id})/${name}`, related)
  }
  if (call.method === 'POST' && last === undefined) {
    return postRecord(call, from, org, { [attribute.property]: id, [`${attribute.property}.target`]: to.name })
  }
  if (call.method === 'POST' && last === '$ref') {
    const child = findChild(parseBody(call.body, from)['@odata.id'], collection, org)
    updateRow(child, { [`${navigation}@odata.bind`]: `${to.setName}(${id})` }, from, writeContext(call, org))
    return emptyResponse()
  }
  if (call.method === 'DELETE' && last === '$ref' && key !== undefined) {
    const child = getRow(parseKey(key, from), from, org)
    if (!related.includes(child)) throw recordNotFound(from.name, key)
    updateRow(child, { [`${navigation}@odata.bind`]: null }, from, writeContext(call, org))
    return emptyResponse()
  }
  throw methodNotAllowed(call.method)
}

/** The row on the many side that a link names. */
function findChild(address: unknown, collection: Relationship, org: Org): Row {
  if (typeof address !== 'string') {
    throw badPayload(collection.from.setName, "Microsoft.OData.ODataException: An '@odata.id' was expected.")
  }
  return findTarget(address, { ...collection, to: collection.from }, collection.from, org.model(), org.store)
}
