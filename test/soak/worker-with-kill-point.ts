/** A push worker that kills itself at a named moment. */
import { readEnv } from '../../packages/server/src/env.ts'
import { startWorkerProcess } from '../../packages/server/src/worker-process.ts'
import { killingHttp, killingPrisma, readKillPoint } from './kill-point.ts'

const point = readKillPoint()
await startWorkerProcess(readEnv(), ({ http, prisma }) => ({
  http: killingHttp(http, point),
  prisma: killingPrisma(prisma, point),
}))
