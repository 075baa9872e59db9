/** A second process on the database of a running gateway: it shares nothing else with it. */
import { createHttpClient } from '@backchannel/providers'
import { openDatabase } from '../../packages/server/src/database/index.ts'
import { createGateway, type GatewayParts } from '../../packages/server/src/gateway.ts'
import { listen } from '../../packages/server/src/http/server.ts'
import { createLogger } from '../../packages/server/src/shared/logger.ts'
import { quickPasswords } from '../../packages/server/src/testing/quick-passwords.ts'
import type { RunningGateway } from './running-gateway.ts'

export interface SecondGateway {
  readonly url: string
  stop(): Promise<void>
}

/** @param instance what else it is made with, as one of several instances */
export async function startSecondGateway(
  { databaseUrl, keys, emulator }: RunningGateway,
  instance: Pick<GatewayParts, 'redisUrl' | 'eventPollMs' | 'limits'> = {},
): Promise<SecondGateway> {
  const emulatedHosts = [emulator.dynamics.url, emulator.salesforce.url].map((it) => new URL(it).host)
  const logger = createLogger('error', { write: () => {} })
  const database = await openDatabase(databaseUrl)
  const http = createHttpClient({ allowedHosts: emulatedHosts })
  const server = await listen(0, '127.0.0.1', logger)
  const url = `http://127.0.0.1:${server.port}`
  const gateway = await createGateway({
    database,
    keys,
    http,
    logger,
    now: Date.now,
    publicUrl: url,
    otherOrigins: [],
    emulatedHosts,
    defaultClients: {},
    passwords: quickPasswords,
    ...instance,
  })
  server.serve({
    graphql: gateway.graphql,
    upgrade: gateway.upgrade,
    auth: gateway.auth,
    checkReady: async () => {},
    admin: { directory: '/nowhere', mount: '/admin', policy: '' },
    corsOrigins: new Set(),
  })
  return {
    url,
    async stop() {
      await Promise.all([server.close(0), gateway.close()])
      await http.close()
      await database.close()
    },
  }
}
