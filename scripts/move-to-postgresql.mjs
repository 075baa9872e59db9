import { runServerCommand } from './steps/server-command.mjs'

/** Moves the SQLite database to the PostgreSQL of DATABASE_URL; it can be stopped and run again. */
await runServerCommand('move-to-postgresql-main')
