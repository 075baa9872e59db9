/** Rows as the Web API writes them: values, annotations on request, expanded rows inside. */
import type { Row, Store } from '../../store.ts'
import type { AnnotationFilter } from '../preferences.ts'
import { type Attribute, type Entity, isLookup, type Model, targetField } from '../schema/index.ts'
import { formatValue } from './formatted.ts'
import { maxPageSize, nextLink } from './paging.ts'
import type { Expansion, Query } from './query.ts'
import { findRows, lookedUpRow, relatedRows } from './rows.ts'

export interface Serializer {
  model: Model
  store: Store
  annotations: AnnotationFilter
  /** `http://127.0.0.1:4401/api/data/v9.2` */
  root: string
}

export const etagOf = (row: Row) => `W/"${String(row['versionnumber'])}"`

/** `contacts(fullname,parentcustomerid_account(name))`, the part of a context address that says what is shown. */
export function contextOf(query: Query): string {
  return `${query.entity.setName}${shownNames(query)}`
}

function shownNames({ selected, expand }: Query): string {
  const names = [...(selected ?? []), ...expand.map(({ name, query }) => `${name}${shownNames(query) || '()'}`)]
  return names.length > 0 ? `(${names.join(',')})` : ''
}

export function serializeRow(row: Row, query: Query, serializer: Serializer): Record<string, unknown> {
  const json: Record<string, unknown> = { '@odata.etag': etagOf(row) }
  for (const attribute of query.shown) writeAttribute(json, attribute, row, query.entity, serializer)
  for (const expansion of query.expand) writeExpansion(json, expansion, row, serializer)
  return json
}

function writeAttribute(
  json: Record<string, unknown>,
  attribute: Attribute,
  row: Row,
  entity: Entity,
  { model, store, annotations }: Serializer,
): void {
  const { property } = attribute
  const value = row[property] ?? null
  json[property] = value
  if (value === null) return
  if (annotations.formattedValue) {
    const formatted = formatValue(attribute, row, model, store)
    if (formatted !== undefined) json[`${property}@OData.Community.Display.V1.FormattedValue`] = formatted
  }
  if (!isLookup(attribute.definition)) return
  const target = String(row[targetField(attribute)])
  if (annotations.associatedNavigationProperty) {
    json[`${property}@Microsoft.Dynamics.CRM.associatednavigationproperty`] = navigationTo(attribute, target, entity)
  }
  if (annotations.lookupLogicalName) json[`${property}@Microsoft.Dynamics.CRM.lookuplogicalname`] = target
}

function navigationTo(attribute: Attribute, target: string, entity: Entity): string {
  for (const [name, relationship] of entity.navigations) {
    if (relationship.attribute === attribute && relationship.to.name === target) return name
  }
  return attribute.name
}

function writeExpansion(
  json: Record<string, unknown>,
  { name, relationship, isCollection, query }: Expansion,
  row: Row,
  serializer: Serializer,
): void {
  const { store, root } = serializer
  if (!isCollection) {
    const target = lookedUpRow(relationship, row, store)
    json[name] = target ? serializeRow(target, query, serializer) : null
    return
  }
  const id = String(row[relationship.to.definition.primaryId])
  const rows = findRows(query, store, relatedRows(relationship, id, store))
  const size = query.top ?? maxPageSize
  json[name] = rows.slice(0, size).map((related) => serializeRow(related, query, serializer))
  if (query.top === undefined && rows.length > size) {
    const place = { pageNumber: 2, offset: size, lastId: String(rows[size - 1]?.[query.entity.definition.primaryId]) }
    json[`${name}@odata.nextLink`] = nextLink(`${root}/${relationship.to.setName}(${id})/${name}`, '', place)
  }
}
