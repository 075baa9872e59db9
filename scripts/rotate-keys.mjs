import { runServerCommand } from './steps/server-command.mjs'

/** Seals all that is kept under the newest key of BACKCHANNEL_KEYS; it can be stopped and run again. */
await runServerCommand('rotate-keys-main')
