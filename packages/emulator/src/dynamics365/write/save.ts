/** Making, changing and deleting rows. Every function is one step of the caller's transaction. */
import { randomUUID } from 'node:crypto'
import type { Row, Store } from '../../store.ts'
import { cannotInsertDuplicate } from '../errors.ts'
import { relatedRows } from '../read/rows.ts'
import type { Entity, Model } from '../schema/index.ts'
import { fromTime } from '../values.ts'
import { type Payload, readPayload, setLookup } from './payload.ts'
import { checkAlternateKeys, checkDuplicates, checkRequired } from './rules.ts'
import { settleState } from './state.ts'

export interface WriteContext {
  model: Model
  store: Store
  now: () => number
  /** Who writes, and owns what it makes. */
  userId: string
  /** `MSCRM.SuppressDuplicateDetection: false` was sent. */
  detectDuplicates: boolean
}

/** Makes a row, and what is nested in the body; `given` are values that the address brought. */
export function createRow(body: unknown, entity: Entity, context: WriteContext, given: Payload['values'] = {}): Row {
  const { store, model } = context
  const payload = readPayload(body, entity, model, store)
  for (const { relationship, body: parent } of payload.parents) {
    setLookup(payload.values, relationship, createRow(parent, relationship.to, context))
  }
  const { primaryId } = entity.definition
  const values = { ...payload.values, ...given }
  const id = String(values[primaryId] ?? randomUUID())
  if (store.table(entity.name).has(id)) throw cannotInsertDuplicate()

  settleState(values, entity, undefined)
  const row = complete(
    {
      ...initialValues(entity, context.userId),
      _createdby_value: context.userId,
      '_createdby_value.target': 'systemuser',
      _modifiedby_value: context.userId,
      '_modifiedby_value.target': 'systemuser',
      createdon: fromTime(context.now()),
      ...values,
      [primaryId]: id,
    },
    entity,
    context,
  )
  if (context.detectDuplicates) checkDuplicates(row, entity, store)
  store.put(entity.name, id, row)
  for (const { relationship, body: child } of payload.children) {
    const lookup: Payload['values'] = {}
    setLookup(lookup, relationship, row)
    createRow(child, relationship.from, context, lookup)
  }
  return row
}

/** Changes the columns that the body names. A nested row is made; what else is nested is refused by its name. */
export function updateRow(before: Row, body: unknown, entity: Entity, context: WriteContext): Row {
  const { store, model } = context
  const { values, parents } = readPayload(body, entity, model, store)
  for (const { relationship, body: parent } of parents) {
    setLookup(values, relationship, createRow(parent, relationship.to, context))
  }
  settleState(values, entity, before)
  if (entity.definition.isActivity && values['statecode'] === 1 && before['statecode'] !== 1) {
    values['actualend'] ??= fromTime(context.now())
  }
  const by = { _modifiedby_value: context.userId, '_modifiedby_value.target': 'systemuser' }
  const { primaryId } = entity.definition
  const row = complete({ ...before, ...values, ...by, [primaryId]: before[primaryId] }, entity, context)
  if (context.detectDuplicates) checkDuplicates(row, entity, store)
  store.put(entity.name, String(before[primaryId]), row)
  return row
}

/** Deletes a row with the notes and activities about it; other lookups to it are emptied. */
export function deleteRow(row: Row, entity: Entity, context: WriteContext): void {
  const { store } = context
  const id = String(row[entity.definition.primaryId])
  store.remove(entity.name, id)
  for (const relationship of entity.collections.values()) {
    for (const related of relatedRows(relationship, id, store)) {
      const { name } = relationship.attribute
      if (name === 'regardingobjectid' || name === 'objectid') deleteRow(related, relationship.from, context)
      else {
        const values: Payload['values'] = {}
        setLookup(values, relationship, null)
        store.put(relationship.from.name, String(related[relationship.from.definition.primaryId]), {
          ...related,
          ...values,
          versionnumber: store.nextNumber('version'),
        })
      }
    }
  }
}

/** What a new row holds where nothing is given; empty columns are not kept. */
function initialValues(entity: Entity, ownerId: string): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const { property, definition } of entity.attributes.values()) {
    if ('initially' in definition && definition.initially !== undefined) values[property] = definition.initially
    if (definition.type === 'Owner') {
      values[property] = ownerId
      values[`${property}.target`] = 'systemuser'
    }
  }
  return values
}

/** Fills what the server works out, and checks the whole. */
function complete(row: Record<string, unknown>, entity: Entity, { store, now }: WriteContext): Row {
  if (entity.attributes.get('fullname')?.definition.readOnly) {
    row['fullname'] = [row['firstname'], row['lastname']].filter((part) => part).join(' ') || null
  }
  if (entity.definition.isActivity) row['activitytypecode'] = entity.name
  row['modifiedon'] = fromTime(now())
  row['versionnumber'] = store.nextNumber('version')
  checkRequired(row, entity)
  checkAlternateKeys(row, entity, store)
  return row
}
