/** Checks settings against an org. */
import type { CrmProvider, DescribeOptions } from '@backchannel/providers'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import type { Subject } from '../edit/edit.ts'
import { constantsOf, findConstants } from './constants.ts'
import type { SettingFault } from './fault.ts'
import { checkMetadata } from './metadata.ts'
import { askOrg, entitiesAskedOf } from './org.ts'

export interface Examination {
  readonly faults: readonly SettingFault[]
  /** What the records of constants are called, by the id of the field. */
  readonly names: ReadonlyMap<string, string>
}

/** Whether the org has a say in any of them. */
export function asksOrg(integration: IntegrationSnapshot, subjects: readonly Subject[]): boolean {
  return entitiesAskedOf(integration, subjects).length > 0
}

/**
 * What a person is about to hear is asked anew: metadata that is kept may be older than the field that was just made.
 *
 * @throws ProviderError where the org could not be asked
 */
export async function examine(
  provider: CrmProvider,
  integration: IntegrationSnapshot,
  subjects: readonly Subject[],
): Promise<Examination> {
  const doubtful = await findMisfits(provider, integration, subjects)
  const misfits = doubtful.size === 0 ? [] : await findFaults(provider, integration, [...doubtful], { fresh: true })
  const sound = subjects.filter((subject) => !misfits.some((fault) => fault.subject.id === subject.id))
  const { names, faults } = await findConstants(provider, constantsOf(integration, sound))
  return { faults: [...misfits, ...faults], names }
}

async function findMisfits(...given: Parameters<typeof findFaults>): Promise<Set<Subject>> {
  return new Set((await findFaults(...given)).map(({ subject }) => subject))
}

/** By metadata alone. */
async function findFaults(
  provider: CrmProvider,
  integration: IntegrationSnapshot,
  subjects: readonly Subject[],
  options: DescribeOptions = {},
): Promise<SettingFault[]> {
  const org = await askOrg(provider, entitiesAskedOf(integration, subjects), options)
  return checkMetadata(integration, subjects, org)
}
