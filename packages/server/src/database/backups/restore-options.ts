export interface RestoreOptions {
  /** Whether a database that is there may be put aside. */
  readonly replace: boolean
  /** When this is, as part of a name: letters and digits. */
  readonly at: string
  /** Stops it on PostgreSQL, where it takes its time: what was there is put back. */
  readonly signal?: AbortSignal
}
