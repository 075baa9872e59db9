/** A server that accepts one conversation, and kills itself before its caller is answered. */
import { createHttpClient } from '@backchannel/providers'
import { openDatabase } from '../../packages/server/src/database/index.ts'
import { readEnv } from '../../packages/server/src/env.ts'
import { createGateway } from '../../packages/server/src/gateway.ts'
import { createLogger } from '../../packages/server/src/shared/logger.ts'
import { type Intake, plant } from './feed.ts'
import { die, killingPrisma, readKillPoint } from './kill-point.ts'

const point = readKillPoint()
const env = readEnv()
const database = await openDatabase(env.databaseUrl)
const { services } = await createGateway({
  database: { ...database, prisma: killingPrisma(database.prisma, point) },
  keys: env.keys,
  http: createHttpClient({ allowedHosts: env.allowedCrmHosts }),
  logger: createLogger('warn'),
  now: Date.now,
  publicUrl: 'http://127.0.0.1:4000',
  otherOrigins: [],
  emulatedHosts: [],
  defaultClients: {},
})
const { workspace, thread, records } = JSON.parse(process.env['INTAKE'] ?? '') as Intake
await plant({ services }, workspace, thread, records)
if (point.kind === 'RETURN') die()
