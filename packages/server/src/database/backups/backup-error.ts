/** A backup or a restore that is not made; what was there is as it was. The message says why, and what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}
