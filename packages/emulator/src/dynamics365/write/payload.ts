/** A body, taken apart: plain values, lookups to bind, related rows to make. */
import type { Row, Store } from '../../store.ts'
import { alternateKeyNotFound, badPayload, recordNotFound, segmentNotFound } from '../errors.ts'
import { type Entity, isLookup, type Model, type Relationship, targetField } from '../schema/index.ts'
import { toKept } from './convert.ts'
import { findByKey, parseKey, splitKey } from './key.ts'

export interface Payload {
  /** What the row is to hold; a lookup's id and target are among them. */
  values: Record<string, string | number | boolean | null>
  /** Rows to make first, for the lookups that then lead to them. */
  parents: { relationship: Relationship; body: unknown }[]
  /** Rows to make afterwards, which then lead here. */
  children: { relationship: Relationship; body: unknown }[]
}

/** Parses the text of a body that must be a JSON object. */
export function parseBody(text: string, entity: Entity): Record<string, unknown> {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  if (!isObject(body)) {
    throw badPayload(entity.setName, 'Microsoft.OData.ODataException: A JSON object was expected in the request body.')
  }
  return body
}

/** Throws the server's refusal for names that the entity does not have, values of the wrong type, targets that are not there. */
export function readPayload(body: unknown, entity: Entity, model: Model, store: Store): Payload {
  if (!isObject(body)) {
    throw badPayload(entity.setName, 'Microsoft.OData.ODataException: A JSON object was expected for the entity.')
  }
  const payload: Payload = { values: {}, parents: [], children: [] }
  for (const [name, value] of Object.entries(body)) {
    if (name.endsWith('@odata.bind')) bind(payload, name.slice(0, -'@odata.bind'.length), value, entity, model, store)
    else if (!name.includes('@')) readMember(payload, name, value, entity)
  }
  return payload
}

function readMember(payload: Payload, name: string, value: unknown, entity: Entity): void {
  const attribute = entity.properties.get(name)
  if (attribute) {
    // What the server keeps itself is passed over; a lookup's id is refused even there.
    if (isLookup(attribute.definition) || !attribute.definition.readOnly) {
      payload.values[name] = toKept(value, attribute, entity)
    }
    return
  }
  const parent = entity.navigations.get(name)
  const child = entity.collections.get(name)
  if (parent && isObject(value)) payload.parents.push({ relationship: parent, body: value })
  else if (child && Array.isArray(value)) {
    for (const body of value as unknown[]) payload.children.push({ relationship: child, body })
  } else if (parent || child) {
    throw badPayload(
      entity.setName,
      "Microsoft.OData.ODataException: A 'PrimitiveValue' node with non-null value was found when trying to read the value of a navigation property; however, a 'StartArray' node, a 'StartObject' node, or a 'PrimitiveValue' node with null value was expected.",
    )
  } else {
    throw badPayload(
      entity.setName,
      `Microsoft.Crm.CrmException: Invalid property '${name}' was found in entity 'Microsoft.Dynamics.CRM.${entity.name}'. ---> Microsoft.OData.ODataException: The property '${name}' does not exist on type 'Microsoft.Dynamics.CRM.${entity.name}'. Make sure to only use property names that are defined by the type.`,
    )
  }
}

function bind(payload: Payload, name: string, value: unknown, entity: Entity, model: Model, store: Store): void {
  const relationship = entity.navigations.get(name)
  if (!relationship) {
    throw badPayload(
      entity.setName,
      `Microsoft.OData.ODataException: An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
    )
  }
  const target = value === null ? null : findTarget(value, relationship, entity, model, store)
  setLookup(payload.values, relationship, target)
}

/** Points the lookup at a row of the relationship's table, or at nothing. */
export function setLookup(values: Payload['values'], { attribute, to }: Relationship, target: Row | null): void {
  values[attribute.property] = target ? String(target[to.definition.primaryId]) : null
  values[targetField(attribute)] = target ? to.name : null
}

/** The row that `/contacts(…)` names; absolute addresses and a missing slash are taken too. */
export function findTarget(value: unknown, { to }: Relationship, entity: Entity, model: Model, store: Store): Row {
  const address = typeof value === 'string' ? value.replace(/^https?:\/\/[^/]+\/api\/data\/v[\d.]+/i, '') : ''
  const segment = splitKey(decodeURIComponent(address.replace(/^\//, '')))
  const named = segment && model.sets.get(segment.name)
  if (!segment || segment.key === undefined) {
    throw badPayload(
      entity.setName,
      `Microsoft.OData.ODataException: The value '${String(value)}' is not a valid entity reference.`,
    )
  }
  if (!named) throw segmentNotFound(segment.name)
  if (named.name !== to.name) {
    throw badPayload(
      entity.setName,
      `Microsoft.OData.ODataException: A resource with type 'Microsoft.Dynamics.CRM.${named.name}' was found, but it is not assignable to the expected type 'Microsoft.Dynamics.CRM.${to.name}'.`,
    )
  }
  const key = parseKey(segment.key, named)
  const row = findByKey(key, named, store)
  if (!row) throw 'id' in key ? recordNotFound(named.name, key.id) : alternateKeyNotFound(named.name)
  return row
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
