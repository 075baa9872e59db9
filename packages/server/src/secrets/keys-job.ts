/** Notices that the database has a newer key than this process was started with. */
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { UpkeepJob } from '../upkeep/job.ts'
import { LASTING_KEYS_ID, WrongKeysError } from './lasting-keys.ts'
import { sealed } from './sealed-columns.ts'
import { type SecretBox, UnreadableSecretError } from './secret-box.ts'

/**
 * A process that still runs with the older keys alone when everything was sealed anew cannot read it, and goes on sealing with
 * an older key. Nothing is lost by that as long as the older key is kept: the next `rotate-keys` finds it.
 */
export function createKeysJob(prisma: PrismaClient, secrets: SecretBox): UpkeepJob {
  return {
    name: 'encryption keys',
    async run() {
      const row = await prisma.verification.findUnique({ where: { id: LASTING_KEYS_ID } })
      try {
        if (row) secrets.open(sealed.lastingKeys.identity(row.id), row.value)
      } catch (cause) {
        if (!(cause instanceof UnreadableSecretError)) throw cause
        throw new WrongKeysError(
          'The encryption key was changed, and this process runs without the new one: start it anew with the present ' +
            'BACKCHANNEL_KEYS. Then run `npm run rotate-keys` again, before the older key is taken out.',
          { cause },
        )
      }
    },
  }
}
