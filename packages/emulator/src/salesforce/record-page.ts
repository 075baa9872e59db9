import { type EmulatorResponse, htmlResponse } from '../http.ts'
import { type PageActivity, renderMessagePage, renderRecordPage } from '../page.ts'
import type { Row, Store } from '../store.ts'
import { normaliseId } from './ids.ts'
import type { Schema, SObject } from './metadata/schema.ts'

const system = 'Salesforce'

/** `/lightning/r/<Object>/<id>/view`: a record, its fields and its activities, for people. */
export function answerRecordPage(path: string, store: Store, schema: Schema): EmulatorResponse {
  const [, name = '', id = ''] = /^\/lightning\/r\/(\w+)\/(\w+)\/view\/?$/.exec(path) ?? []
  const object = schema.objectNamed(name)
  const row = object && store.table(object.name).get(normaliseId(id) ?? '')
  if (!object || !row || row.IsDeleted === true) {
    return htmlResponse(404, renderMessagePage(system, 'No such record', 'It does not exist, or it was deleted.'))
  }
  const page = renderRecordPage({
    system,
    entity: object.label,
    title: titleOf(object, row),
    fields: object.fields.flatMap((field) => {
      const value = row[field.name]
      if (value === null || value === undefined || field.name === 'IsDeleted') return []
      const text = textOf(value)
      const target = field.type === 'reference' ? schema.objectOfId(text) : undefined
      const related = target && store.table(target.name).get(text)
      return target && related
        ? [{ label: field.label, value: titleOf(target, related), href: recordPath(target.name, text) }]
        : [{ label: field.label, value: text }]
    }),
    activities: activitiesOf(row, store),
  })
  return htmlResponse(200, page)
}

/** The path of a record's page. */
function recordPath(object: string, id: string): string {
  return `/lightning/r/${object}/${id}/view`
}

/** A value as the page shows it; nothing for null. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return value === null || value === undefined ? '' : JSON.stringify(value)
}

function titleOf(object: SObject, row: Row): string {
  const nameField = object.fields.find((field) => field.nameField)
  return String((nameField && row[nameField.name]) ?? row.Id)
}

function activitiesOf(row: Row, store: Store): PageActivity[] {
  const id = String(row.Id)
  const tasks = new Set([...store.matching('Task', 'WhoId', id), ...store.matching('Task', 'WhatId', id)])
  return [...tasks]
    .filter((task) => task.IsDeleted !== true && (task.WhoId === id || task.WhatId === id))
    .sort((a, b) => (String(a.CreatedDate) < String(b.CreatedDate) ? 1 : -1))
    .map((task) => ({
      kind: 'Task',
      subject: textOf(task.Subject),
      text: textOf(task.Description),
      state: textOf(task.Status),
      href: recordPath('Task', String(task.Id)),
    }))
}
