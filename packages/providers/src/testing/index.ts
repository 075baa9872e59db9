/** For tests: the conformance suite, an org in memory, a token store in memory. */
export { createMemoryCrm, type MemoryCrm, type MemoryCrmOptions, type MemoryRow } from '../memory/index.ts'
export { describeProvider } from './conformance.ts'
export type { OrgFault, OrgNetwork, OrgPeople, OrgTrouble, ProviderUnderTest } from './org.ts'
export { createMemoryTokenStore } from './token-store.ts'
