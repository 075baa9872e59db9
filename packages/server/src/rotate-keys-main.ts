/** `npm run rotate-keys`: once it ends with 0, older keys may be taken out of BACKCHANNEL_KEYS. The server may run. */
import { createAuditStore } from './audit/store.ts'
import { createAuditTrail, keysRotated } from './audit/trail.ts'
import { openDatabase } from './database/index.ts'
import { readEnv } from './env.ts'
import { failureText } from './failure-text.ts'
import { parseKeyRing } from './secrets/key-ring.ts'
import { openSecrets } from './secrets/lasting-keys.ts'
import { rotate } from './secrets/rotation.ts'
import { createRotationStore } from './secrets/rotation-store.ts'
import { rotationSentences } from './secrets/rotation-words.ts'

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Answers the exit code. */
async function main(): Promise<number> {
  const { databaseUrl, keys } = readEnv()
  const [newest, ...older] = parseKeyRing(keys).map(({ id }) => id)
  const { prisma, close } = await openDatabase(databaseUrl)
  try {
    const { secrets } = await openSecrets(prisma, keys)
    const report = await rotate(createRotationStore(prisma), secrets, {
      signal: stopping.signal,
      onProgress: ({ table, column }, rotated) => say(`${table}.${column}: ${rotated} sealed anew`),
    })
    const trail = createAuditTrail(createAuditStore(prisma), Date.now)
    for (const [workspaceId, count] of report.byWorkspace) {
      await trail.noteOperator(workspaceId, keysRotated(newest ?? '', count))
    }
    for (const line of rotationSentences(report, newest ?? '', older)) say(line)
    return report.left === 0 ? 0 : 1
  } finally {
    await close()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${failureText(error)}\n`)
  process.exitCode = 1
}
