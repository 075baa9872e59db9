/** What people do in the emulated org by themselves: edit, delete, merge, convert. None of it but the first two is REST. */
import type { Clock } from '../clock.ts'
import type { Desk, DeskRecord } from '../desk.ts'
import type { Row, Store } from '../store.ts'
import { userId } from './oauth/app.ts'
import { toSalesforceTime } from './times.ts'

export function createSalesforceDesk({ store, clock }: { store: Store; clock: Clock }): Desk {
  function find({ table, id }: DeskRecord): Row {
    const row = store.table(table).get(id)
    if (!row || row['IsDeleted'] === true) throw new Error(`There is no ${table} ${id}.`)
    return row
  }

  function change(record: DeskRecord, values: Record<string, unknown>): void {
    const row = find(record)
    const now = toSalesforceTime(clock.now())
    const stamp = { LastModifiedDate: now, LastModifiedById: userId, SystemModstamp: now }
    store.put(record.table, record.id, { ...row, ...values, ...stamp })
  }

  function moveTasks(fromId: string, lookups: { WhoId?: string; WhatId?: string }): void {
    for (const [field, to] of Object.entries(lookups)) {
      for (const task of [...store.matching('Task', field, fromId)]) {
        if (task['IsDeleted'] === true) continue
        const moved = field === 'WhoId' && to.startsWith('001') ? { WhoId: null, WhatId: to } : { [field]: to }
        change({ table: 'Task', id: String(task['Id']) }, moved)
      }
    }
  }

  return {
    change,
    remove: (record) => change(record, { IsDeleted: true }),
    /** The loser goes to the recycle bin and names its master there (its `MasterRecordId`). */
    merge(loser, masterId) {
      find({ table: loser.table, id: masterId })
      store.transaction(() => {
        moveTasks(loser.id, { WhoId: masterId, WhatId: masterId })
        change(loser, { MasterRecordId: masterId, IsDeleted: true })
      })
    },
    /** The lead stays, closed to every change, and names what was made of it; its tasks move to the person. */
    convertLead(leadId, { contactId, accountId }) {
      store.transaction(() => {
        const to = contactId ?? accountId
        if (to !== undefined) moveTasks(leadId, { WhoId: to })
        change(
          { table: 'Lead', id: leadId },
          {
            IsConverted: true,
            Status: 'Closed - Converted',
            ConvertedContactId: contactId ?? null,
            ConvertedAccountId: accountId ?? null,
          },
        )
      })
    },
  }
}
