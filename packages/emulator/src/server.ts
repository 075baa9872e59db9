import { join } from 'node:path'
import { createClock } from './clock.ts'
import { createControl } from './control.ts'
import { type CrmServer, serveCrm } from './crm-server.ts'
import type { Desk } from './desk.ts'
import { createDynamics, createDynamicsDesk, seedDynamics } from './dynamics365/index.ts'
import type { CrmHandler } from './http.ts'
import { openJournal } from './journal.ts'
import { createSalesforce, createSalesforceDesk, seedSalesforce } from './salesforce/index.ts'
import { type SeedPerson, seedPeople } from './seed/index.ts'
import { createStore, type Store } from './store.ts'

export interface EmulatorOptions {
  /** 127.0.0.1 unless given. */
  host?: string
  /** 0, any free port, unless given. */
  dynamicsPort?: number
  salesforcePort?: number
  /** Where what changes is kept. Without it, it is gone when the emulator stops. */
  directory?: string
  /** How many people the CRMs are seeded with. */
  people?: number
}

export interface Emulator {
  dynamics: { url: string }
  salesforce: { url: string }
  stop(): Promise<void>
}

type Seed = (store: Pick<Store, 'put' | 'nextNumber'>, people: readonly SeedPerson[]) => void
type Create<T> = (parts: {
  store: Store
  clock: ReturnType<typeof createClock>
  control: ReturnType<typeof createControl>
}) => T

/** One vendor: its rows to begin with, what answers calls, and what its people do. */
interface Crm {
  seed: Seed
  handler: Create<CrmHandler>
  desk: Create<Desk>
}

const dynamicsCrm: Crm = { seed: seedDynamics, handler: createDynamics, desk: createDynamicsDesk }
const salesforceCrm: Crm = { seed: seedSalesforce, handler: createSalesforce, desk: createSalesforceDesk }

/** Starts both emulated CRMs. Rejects when a port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { host = '127.0.0.1', dynamicsPort = 0, salesforcePort = 0, directory } = options
  const people = seedPeople(options.people)
  const start = (name: string, port: number, crm: Crm) =>
    startCrm(crm, people, directory && join(directory, `${name}.ndjson`), { host, port })

  const dynamics = await start('dynamics', dynamicsPort, dynamicsCrm)
  try {
    const salesforce = await start('salesforce', salesforcePort, salesforceCrm)
    return {
      dynamics: { url: dynamics.url },
      salesforce: { url: salesforce.url },
      stop: async () => {
        await Promise.all([dynamics.stop(), salesforce.stop()])
      },
    }
  } catch (error) {
    await dynamics.stop()
    throw error
  }
}

function startCrm(
  { seed, handler, desk }: Crm,
  people: readonly SeedPerson[],
  file: string | undefined,
  address: { host: string; port: number },
): Promise<CrmServer> {
  return serveCrm(() => {
    const store = createStore((target) => seed(target, people), file === undefined ? undefined : openJournal(file))
    const parts = { store, clock: createClock(), control: createControl() }
    return { ...parts, handler: handler(parts), desk: desk(parts) }
  }, address)
}
