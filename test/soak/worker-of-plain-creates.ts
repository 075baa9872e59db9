/**
 * The control of the soak: the worker as it is, save that no create carries a key that another try has carried before. It
 * must make duplicates, or the soak proves nothing.
 */
import { randomUUID } from 'node:crypto'
import { readEnv } from '../../packages/server/src/env.ts'
import { startWorkerProcess } from '../../packages/server/src/worker-process.ts'

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

await startWorkerProcess(readEnv(), ({ http, prisma }) => ({
  prisma,
  http: {
    close: http.close,
    problemOf: http.problemOf,
    send(request) {
      // Dynamics: the key stands in the address.
      if (request.method === 'PATCH' && request.headers?.['if-none-match'] === '*') {
        return http.send({ ...request, url: request.url.replace(uuid, () => randomUUID()) })
      }
      // Salesforce: it is the value of a field, whichever that is.
      if (request.method === 'POST' && request.url.endsWith('/sobjects/Task') && request.body) {
        return http.send({
          ...request,
          body: request.body.replace(new RegExp(`"${uuid.source}"`, 'g'), () => `"${randomUUID()}"`),
        })
      }
      return http.send(request)
    },
  },
}))
