import { runServerCommand } from './steps/server-command.mjs'

/** Puts a copy that `npm run backup` made in the place of the database. */
await runServerCommand('restore-main')
