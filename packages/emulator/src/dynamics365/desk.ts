/** What people do in the emulated org by themselves: edit, delete, merge, qualify. */
import type { Clock } from '../clock.ts'
import type { Control } from '../control.ts'
import type { Desk, DeskRecord } from '../desk.ts'
import type { Row, Store } from '../store.ts'
import { createOrg } from './org.ts'
import { relatedRows } from './read/rows.ts'
import type { Entity } from './schema/index.ts'
import { fromTime } from './values.ts'
import { deleteRow } from './write/save.ts'

export function createDynamicsDesk(parts: { store: Store; clock: Clock; control: Control }): Desk {
  const { store, clock } = parts
  const org = createOrg(parts)

  function find({ table, id }: DeskRecord): { entity: Entity; row: Row } {
    const entity = org.model().entities.get(table)
    const row = store.table(table).get(id)
    if (!entity || !row) throw new Error(`There is no ${table} ${id}.`)
    return { entity, row }
  }

  function change(record: DeskRecord, values: Record<string, unknown>): void {
    const { row } = find(record)
    const stamp = { modifiedon: fromTime(clock.now()), versionnumber: store.nextNumber('version') }
    store.put(record.table, record.id, { ...row, ...values, ...stamp })
  }

  return {
    change,
    remove(record) {
      const { entity, row } = find(record)
      const context = { model: org.model(), store, now: clock.now, userId: org.userId, detectDuplicates: false }
      store.transaction(() => deleteRow(row, entity, context))
    },
    /** The loser is kept, inactive, and names its master; notes and activities move (crm-apis.md has no word on it). */
    merge(loser, masterId) {
      const { entity } = find(loser)
      find({ table: loser.table, id: masterId })
      store.transaction(() => {
        for (const relationship of entity.collections.values()) {
          const { attribute, from } = relationship
          if (attribute.name !== 'regardingobjectid' && attribute.name !== 'objectid') continue
          for (const related of relatedRows(relationship, loser.id, store)) {
            const id = String(related[from.definition.primaryId])
            change({ table: from.name, id }, { [attribute.property]: masterId })
          }
        }
        const state = loser.table === 'lead' ? { statecode: 2, statuscode: 7 } : { statecode: 1, statuscode: 2 }
        change(loser, {
          ...state,
          merged: true,
          _masterid_value: masterId,
          '_masterid_value.target': loser.table,
        })
      })
    },
    /** Activities stay with the lead, which is closed and names what was made of it. */
    convertLead(leadId, { contactId, accountId }) {
      const lead = { table: 'lead', id: leadId }
      store.transaction(() => {
        for (const [table, id] of [
          ['contact', contactId],
          ['account', accountId],
        ] as const) {
          if (id === undefined) continue
          change({ table, id }, { _originatingleadid_value: leadId, '_originatingleadid_value.target': 'lead' })
          const column = `_parent${table}id_value`
          change(lead, { [column]: id, [`${column}.target`]: table })
        }
        change(lead, { statecode: 1, statuscode: 3 })
      })
    },
  }
}
