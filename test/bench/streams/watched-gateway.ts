/** A built gateway of its own, whose event loop and memory are watched. */
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { apiKey, executeAt, freePort, type Gateway, mainFile, untilAnswers } from '../gateway.ts'
import { ask, start } from '../processes.ts'
import type { LoopReport } from './loop-watch.ts'

export interface WatchedGateway extends Pick<Gateway, 'execute' | 'port' | 'process'> {
  databaseFile: string
}

/** @param env over what it is started with; it has no CRM unless told so */
export async function startWatchedGateway(
  bundles: string,
  directory: string,
  env: Record<string, string> = { EMULATOR: 'off' },
): Promise<WatchedGateway> {
  const port = await freePort()
  const process = startWatched(bundles, mainFile, [], {
    PORT: String(port),
    BACKCHANNEL_DATA: directory,
    ADMIN_API_KEY: apiKey,
    LOG_LEVEL: 'warn',
    // One key asks as fast as it can; it is counted all the same.
    LIMIT_KEY_OPERATIONS: '100000000',
    LIMIT_ADDRESS_REQUESTS: '100000000',
    LIMIT_ADDRESS_CONNECTIONS: '0',
    BACKCHANNEL_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    ...env,
  })
  await untilAnswers(port)
  return {
    process,
    port,
    databaseFile: join(directory, 'backchannel.db'),
    execute: (query, variables) => executeAt(port, query, variables),
  }
}

export function startWatched(
  bundles: string,
  file: string,
  args: readonly string[],
  env: Record<string, string>,
): ChildProcess {
  const watch = join(bundles, 'streams/loop-watch.js')
  return start(file, args, { NODE_ENV: 'production', ...env }, ['--expose-gc', '--import', watch])
}

export const reset = (server: ChildProcess) => ask<LoopReport>(server, 'reset')
export const report = (server: ChildProcess) => ask<LoopReport>(server, 'report')
