/** Which CRMs a search asks, and what keeps it from asking any. Pure. */
import { providerDefinitions } from '@backchannel/providers'
import { type EntityTypeSnapshot, type IntegrationSnapshot, isConnected } from '../integrations/snapshot.ts'
import { NotAllowedError, NotConnectedError, NotFoundError } from '../shared/errors.ts'
import type { SearchRecordsInput } from './input.ts'

/** The integrations that are asked: those named, or all. */
export function choose(
  all: readonly IntegrationSnapshot[],
  input: Pick<SearchRecordsInput, 'integrationIds' | 'entityTypeIds' | 'kinds'>,
): readonly IntegrationSnapshot[] {
  for (const id of input.integrationIds ?? []) {
    if (!all.some((integration) => integration.id === id)) {
      throw new NotFoundError('There is no such integration in this workspace.')
    }
  }
  for (const id of input.entityTypeIds ?? []) {
    const entityType = all.flatMap((integration) => integration.entityTypes).find((it) => it.id === id)
    if (!entityType) throw new NotFoundError('There is no such entity type in this workspace.')
    if (!entityType.searchable) throw switchedOff(entityType)
  }
  const chosen = all.filter(
    (integration) =>
      (input.integrationIds?.includes(integration.id) ?? true) &&
      (!input.entityTypeIds || integration.entityTypes.some(({ id }) => input.entityTypeIds?.includes(id))),
  )
  for (const kind of input.kinds ?? []) {
    const ofKind = chosen.flatMap((integration) => integration.entityTypes).filter((it) => it.kind === kind)
    const [first] = ofKind
    if (first && !ofKind.some(({ searchable }) => searchable)) throw switchedOff(first)
  }
  if (!chosen.some(isConnected)) throw nobodyToAsk(chosen)
  return chosen
}

export const switchedOff = ({ displayName }: Pick<EntityTypeSnapshot, 'displayName'>) =>
  new NotAllowedError(`Searching ${displayName} is switched off in the integration settings.`)

function nobodyToAsk(chosen: readonly IntegrationSnapshot[]): NotConnectedError {
  const providers = [...new Set(chosen.map((integration) => integration.provider))]
  if (providers.length === 0) {
    const all = Object.values(providerDefinitions).map((definition) => definition.descriptor)
    const names = all.map((descriptor) => descriptor.displayName).join(' or ')
    return new NotConnectedError(
      all.map((descriptor) => descriptor.key),
      `No CRM is connected. An admin can connect ${names} under Integrations.`,
    )
  }
  const names = chosen.map((integration) => integration.name).join(', ')
  return new NotConnectedError(providers, `Not connected: ${names}. An admin can connect it again under Integrations.`)
}
