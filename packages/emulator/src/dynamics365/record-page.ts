/** `/main.aspx?etn=contact&id=…&pagetype=entityrecord`: the page that a person opens from the product. */
import { type EmulatorRequest, type EmulatorResponse, htmlResponse } from '../http.ts'
import { type PageActivity, renderMessagePage, renderRecordPage } from '../page.ts'
import { type Row, textOf } from '../store.ts'
import type { Org } from './org.ts'
import { formatValue } from './read/formatted.ts'
import { relatedRows } from './read/rows.ts'
import { type Attribute, type Entity, isLookup, targetField } from './schema/index.ts'

const system = 'Dynamics 365'

export function answerPage(request: EmulatorRequest, org: Org): EmulatorResponse {
  const entity = org.model().entities.get(request.query.get('etn') ?? '')
  const id = (request.query.get('id') ?? '').replace(/[{}]/g, '').toLowerCase()
  if (!entity) {
    const message =
      'Open a record from the product, or by its address: /main.aspx?etn=contact&id=<id>&pagetype=entityrecord'
    return htmlResponse(200, renderMessagePage(system, 'Emulated org', message))
  }
  const row = org.store.table(entity.name).get(id)
  if (!row) {
    const message = `${entity.definition.label} with the id ${id} is not here. It may have been deleted.`
    return htmlResponse(404, renderMessagePage(system, 'Record is unavailable', message))
  }
  const page = {
    system,
    entity: entity.definition.label,
    title: titleOf(row, entity),
    fields: [...entity.attributes.values()].flatMap((attribute) => fieldOf(attribute, row, org)),
    activities: activitiesOf(row, entity, org),
  }
  return htmlResponse(200, renderRecordPage(page))
}

function titleOf(row: Row, entity: Entity): string {
  return textOf(row[entity.definition.primaryName]) || entity.definition.label
}

/** The field as the page shows it; none when it is empty. */
function fieldOf(attribute: Attribute, row: Row, org: Org): { label: string; value: string; href?: string }[] {
  const value = row[attribute.property]
  if (value === null || value === undefined) return []
  const label = attribute.definition.label
  const shown = formatValue(attribute, row, org.model(), org.store) ?? textOf(value)
  if (!isLookup(attribute.definition)) return [{ label, value: shown }]
  return [{ label, value: shown, href: pageAddress(textOf(row[targetField(attribute)]), textOf(value)) }]
}

function activitiesOf(row: Row, entity: Entity, org: Org): PageActivity[] {
  const id = textOf(row[entity.definition.primaryId])
  const about = [...new Set(entity.collections.values())].filter(
    ({ attribute }) => attribute.name === 'regardingobjectid' || attribute.name === 'objectid',
  )
  const found = about.flatMap((relationship) =>
    relatedRows(relationship, id, org.store).map((activity) => ({ activity, kind: relationship.from })),
  )
  found.sort((a, b) => (textOf(a.activity['createdon']) < textOf(b.activity['createdon']) ? 1 : -1))
  return found.map(({ activity, kind }) => {
    const state = kind.attributes.get('statecode')
    return {
      kind: kind.definition.label,
      subject: textOf(activity['subject']),
      text: textOf(activity['description'] ?? activity['notetext']),
      state: (state && formatValue(state, activity, org.model(), org.store)) ?? '',
      href: pageAddress(kind.name, textOf(activity[kind.definition.primaryId])),
    }
  })
}

function pageAddress(entity: string, id: string): string {
  return `/main.aspx?etn=${encodeURIComponent(entity)}&id=${encodeURIComponent(id)}&pagetype=entityrecord`
}
