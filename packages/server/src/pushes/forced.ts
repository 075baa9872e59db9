import type { CallOptions, CrmProvider, DescribeOptions } from '@backchannel/providers'

/** The same CRM for an attempt that a person asked for: pauses of ours do not hold its calls (ruling 15). */
export function asForced(provider: CrmProvider): CrmProvider {
  const forced = <T extends CallOptions>(options?: T) => ({ ...options, force: true })
  return {
    ...provider,
    capabilities: (options) => provider.capabilities(forced(options)),
    describeEntityType: (name, options?: DescribeOptions) => provider.describeEntityType(name, forced(options)),
    describeActivityType: (type, options) => provider.describeActivityType(type, forced(options)),
    findRecords: (entityName, remoteIds, selection, options) =>
      provider.findRecords(entityName, remoteIds, selection, forced(options)),
    findSuccessor: (reference, options) => provider.findSuccessor(reference, forced(options)),
    updateRecord: (reference, change, options) => provider.updateRecord(reference, change, forced(options)),
    fileActivity: (draft, options) => provider.fileActivity(draft, forced(options)),
    findActivity: (type, remoteId, options) => provider.findActivity(type, remoteId, forced(options)),
    findActivityByKey: (type, key, options) => provider.findActivityByKey(type, key, forced(options)),
    updateActivity: (type, remoteId, change, options) =>
      provider.updateActivity(type, remoteId, change, forced(options)),
  }
}
