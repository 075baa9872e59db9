import type { CallOptions, CrmProvider } from '@backchannel/providers'

/** All that asks the CRM: one that is added to the contract and missing here does not compile. */
type Calls = {
  [Name in keyof CrmProvider as CrmProvider[Name] extends (...input: never[]) => Promise<unknown>
    ? Exclude<Name, 'close'>
    : never]: CrmProvider[Name]
}

/** The same CRM for an attempt that a person asked for: pauses of ours do not hold its calls (ruling 15). */
export function asForced(provider: CrmProvider): CrmProvider {
  const forced = <T extends CallOptions>(options?: T) => ({ ...options, force: true })
  const calls: Calls = {
    capabilities: (options) => provider.capabilities(forced(options)),
    checkCredentials: (options) => provider.checkCredentials(forced(options)),
    listEntityTypes: (options) => provider.listEntityTypes(forced(options)),
    describeEntityType: (name, options) => provider.describeEntityType(name, forced(options)),
    describeActivityType: (type, options) => provider.describeActivityType(type, forced(options)),
    searchRecords: (request, options) => provider.searchRecords(request, forced(options)),
    findRecords: (entityName, remoteIds, selection, options) =>
      provider.findRecords(entityName, remoteIds, selection, forced(options)),
    createRecord: (request, options) => provider.createRecord(request, forced(options)),
    updateRecord: (reference, change, options) => provider.updateRecord(reference, change, forced(options)),
    findSuccessor: (reference, options) => provider.findSuccessor(reference, forced(options)),
    fileActivity: (draft, options) => provider.fileActivity(draft, forced(options)),
    findActivity: (type, remoteId, options) => provider.findActivity(type, remoteId, forced(options)),
    findActivityByKey: (type, key, options) => provider.findActivityByKey(type, key, forced(options)),
    updateActivity: (type, remoteId, change, options) =>
      provider.updateActivity(type, remoteId, change, forced(options)),
  }
  return { ...provider, ...calls }
}
