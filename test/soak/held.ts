/** Reads the activities from the emulated CRMs' own records. */
import type { ControlClient } from '@backchannel/emulator'
import type { HeldActivity } from './check.ts'

type Row = Record<string, unknown>

const text = (row: Row, field: string) => (typeof row[field] === 'string' ? row[field] : '')

export async function heldIn(crm: ControlClient, table: string): Promise<HeldActivity[]> {
  const rows = await crm.records(table)
  switch (table) {
    case 'annotation':
      return rows.map((row) => ({ recordId: text(row, '_objectid_value'), text: text(row, 'notetext'), closed: false }))
    case 'task':
      return rows.map((row) => ({
        recordId: text(row, '_regardingobjectid_value'),
        text: text(row, 'description'),
        closed: row['statecode'] === 1,
      }))
    default:
      return rows.map((row) => ({
        recordId: text(row, 'WhoId'),
        text: text(row, 'Description'),
        closed: row['Status'] === 'Completed',
      }))
  }
}
