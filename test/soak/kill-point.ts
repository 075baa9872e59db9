/** Where a process kills itself, as a power cut would. Test entries put it between a process and the world. */
import { setTimeout as wait } from 'node:timers/promises'
import type { HttpClient, HttpRequest } from '@backchannel/providers'
import type { PrismaClient } from '../../packages/server/src/database/index.ts'
import { guardedThrough } from '../../packages/server/src/database/workspace-guard.ts'

/** The moment of a call: before it is sent, so many milliseconds behind that, or when its answer is there. */
export interface CallPoint {
  readonly kind: 'CALL'
  readonly moment: 'BEFORE' | 'DURING' | 'AFTER'
  readonly method: string
  /** Regular expressions on the address and on the `if-match` or `if-none-match` header. */
  readonly url: string
  readonly condition?: string
  readonly ms?: number
}

/** The moment of a database operation: when it is done, though perhaps not committed. */
export interface WritePoint {
  readonly kind: 'WRITE'
  /** `Push.create` */
  readonly operation: string
  /** A member that the operation writes. */
  readonly writes?: string
}

/** The moment after the call is over that was to be answered. */
export interface ReturnPoint {
  readonly kind: 'RETURN'
}

export type KillPoint = CallPoint | WritePoint | ReturnPoint

export function die(): never {
  process.kill(process.pid, 'SIGKILL')
  // The signal strikes before this ends.
  for (;;);
}

export function readKillPoint(): KillPoint {
  return JSON.parse(process.env['KILL_POINT'] ?? '') as KillPoint
}

export function killingHttp(http: HttpClient, point: KillPoint): HttpClient {
  if (point.kind !== 'CALL') return http
  const strikes = ({ method, url, headers = {} }: HttpRequest) =>
    method === point.method &&
    new RegExp(point.url).test(url) &&
    (point.condition === undefined ||
      new RegExp(point.condition).test(`${headers['if-match'] ?? ''}${headers['if-none-match'] ?? ''}`))
  return {
    close: http.close,
    problemOf: http.problemOf,
    async send(request) {
      if (!strikes(request)) return http.send(request)
      if (point.moment === 'BEFORE') die()
      if (point.moment === 'DURING') void wait(point.ms ?? 0).then(die)
      const answer = await http.send(request)
      if (point.moment === 'AFTER') die()
      return answer
    },
  }
}

export function killingPrisma(prisma: PrismaClient, point: KillPoint): PrismaClient {
  if (point.kind !== 'WRITE') return prisma
  const killing = (client: PrismaClient) =>
    client.$extends({
      query: {
        async $allOperations({ model = '', operation, args, query }) {
          const result: unknown = await query(args)
          const isIt = `${model}.${operation}` === point.operation
          if (isIt && (point.writes === undefined || JSON.stringify(args).includes(`"${point.writes}":"`))) die()
          return result
        },
      },
    }) as unknown as PrismaClient
  return guardedThrough(prisma, killing)
}
