import type { Store } from '../../store.ts'
import type { Schema } from '../metadata/schema.ts'

/** What reading and writing rows needs to know of the call. */
export interface RecordContext {
  store: Store
  schema: Schema
  /** Milliseconds since 1970. */
  now: number
  /** The calling user, who owns what is created. */
  userId: string
  /** `v60.0` */
  version: string
  /** `Sforce-Duplicate-Rule-Header: allowSave=true` */
  allowDuplicates: boolean
  /** Duplicate rules block, whatever the header says. */
  duplicatesBlocked: boolean
}
