/** What the configuration says of the CRMs: the same for the server and for the worker alone. */

import type { CoreParts } from './core-services.ts'
import { acrossWorkspaces } from './database/workspace-guard.ts'
import type { Env } from './env.ts'
import type { PrismaClient } from './generated/prisma/client.ts'

export interface CrmSettings extends Pick<CoreParts, 'emulatedHosts' | 'defaultClients'> {
  emulated: boolean
  /** `host` or `host:port`: what may be private or plain http. */
  allowedHosts: readonly string[]
}

export async function readCrmSettings(env: Env, prisma: PrismaClient): Promise<CrmSettings> {
  const emulated = await usesEmulator(env, prisma)
  const emulatedHosts = emulated
    ? [env.emulator.dynamicsUrl, env.emulator.salesforceUrl].map((url) => new URL(url).host)
    : []
  return {
    emulated,
    emulatedHosts,
    allowedHosts: [...env.allowedCrmHosts, ...emulatedHosts],
    defaultClients: {
      ...(env.microsoftClient && { DYNAMICS: env.microsoftClient }),
      ...(env.salesforceClient && { SALESFORCE: env.salesforceClient }),
    },
  }
}

/** The emulated CRMs serve where they are asked for, and where nobody said and no real org is connected. */
async function usesEmulator({ emulator }: Env, prisma: PrismaClient): Promise<boolean> {
  if (emulator.use !== 'UNLESS_CONNECTED') return emulator.use === 'ON'
  return (
    (await acrossWorkspaces(prisma).integration.count({
      where: { emulated: false, status: { not: 'DISCONNECTED' } },
    })) === 0
  )
}
