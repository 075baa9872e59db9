import { runServerCommand } from './steps/server-command.mjs'

/** Copies the database, of either kind, into a file; servers may run meanwhile. */
await runServerCommand('backup-main')
