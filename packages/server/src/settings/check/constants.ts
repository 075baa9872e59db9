/** The records that constants of type look-up point to: whether they are there, and what they are called. */
import { type CallOptions, type CrmProvider, ProviderError } from '@backchannel/providers'
import type { LookupValue } from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import type { Subject } from '../edit/edit.ts'
import type { SettingFault } from './fault.ts'

interface Constant {
  readonly subject: Subject
  readonly lookupValue: LookupValue
}

/** What a CRM says of a key that is none of its own. */
const notThere: readonly ProviderError['code'][] = ['NOT_FOUND', 'CRM_REJECTED', 'CRM_RECORD_GONE']

/** Constants that point to a record, among these subjects. */
export function constantsOf({ settings }: IntegrationSnapshot, subjects: readonly Subject[]): Constant[] {
  return subjects.flatMap((subject) => {
    const field = [...settings.exportFields, ...settings.backendFields].find(({ id }) => id === subject.id)
    return field?.lookupValue ? [{ subject, lookupValue: field.lookupValue }] : []
  })
}

/** @throws ProviderError where the org could not be asked */
export async function findConstants(
  provider: CrmProvider,
  constants: readonly Constant[],
  options: CallOptions = {},
): Promise<{ names: ReadonlyMap<string, string>; faults: SettingFault[] }> {
  const names = new Map<string, string>()
  const faults: SettingFault[] = []
  const find = async ({ subject, lookupValue: { entityName, remoteId } }: Constant): Promise<void> => {
    const name = await findName(provider, entityName, remoteId, options)
    if (name !== null) names.set(subject.id, name)
    else {
      const message = `There is no record ${remoteId} of ${entityName} in the org, or our user there may not see it.`
      faults.push({ subject, path: ['lookupValue', 'remoteId'], message })
    }
  }
  await Promise.all(constants.map(find))
  return { names, faults }
}

async function findName(
  provider: CrmProvider,
  entityName: string,
  remoteId: string,
  options: CallOptions,
): Promise<string | null> {
  try {
    const [record] = await provider.findRecords(entityName, [remoteId], { attributes: [], fields: [] }, options)
    return record?.name ?? null
  } catch (error) {
    if (error instanceof ProviderError && notThere.includes(error.code)) return null
    throw error
  }
}

/** The constants by the names that their records have now. */
export function withNames(integration: IntegrationSnapshot, names: ReadonlyMap<string, string>): IntegrationSnapshot {
  if (names.size === 0) return integration
  const named = <T extends { id: string; lookupValue: LookupValue | null }>(field: T): T => {
    const name = names.get(field.id)
    return field.lookupValue && name !== undefined ? { ...field, lookupValue: { ...field.lookupValue, name } } : field
  }
  const { settings } = integration
  return {
    ...integration,
    settings: {
      ...settings,
      exportFields: settings.exportFields.map(named),
      backendFields: settings.backendFields.map(named),
    },
  }
}
