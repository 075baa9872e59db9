export interface RestoreOptions {
  /** Whether a database that is there may be put aside. */
  readonly replace: boolean
  /** When this is, as part of a name: letters and digits. */
  readonly at: string
}
