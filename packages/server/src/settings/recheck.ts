/**
 * Settings are checked again whenever an org was looked at: what was saved unchecked is checked, what the org has no
 * more is marked, and what it has again is whole again.
 */
import type { CrmProvider, DescribeOptions, EntityDescriptor } from '@backchannel/providers'
import type { EventBus } from '../events/bus.ts'
import type { IntegrationRegistry } from '../integrations/registry.ts'
import type { IntegrationService, OrgSeen } from '../integrations/service.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { builtInEntities, builtInFaults, isBuiltIn } from './check/built-in.ts'
import { constantsOf, findConstants, withNames } from './check/constants.ts'
import type { SettingFault } from './check/fault.ts'
import { checkMetadata } from './check/metadata.ts'
import { askOrg, entitiesAskedOf } from './check/org.ts'
import { checkedOf, subjectsOf, verdict } from './check/subjects.ts'
import type { SettingsSection, Subject } from './edit/edit.ts'
import type { RowCheck, SettingsStore } from './store.ts'

export interface RecheckParts {
  store: Pick<SettingsStore, 'keepChecks'>
  registry: Pick<IntegrationRegistry, 'find' | 'invalidate'>
  integrations: Pick<IntegrationService, 'provider' | 'onSeen'>
  events: Pick<EventBus, 'wake'>
  /** Milliseconds since 1970. */
  now: () => number
  onError: (error: unknown) => void
}

const tables: Partial<Record<SettingsSection, RowCheck['table']>> = {
  INTEGRATION: 'settings',
  ENTITIES: 'entityType',
  DEFAULT_FIELDS: 'defaultField',
  EXPORT: 'exportField',
  SEARCH: 'searchField',
  DETAIL: 'detailField',
  BACKEND: 'backendField',
}

/** Listens from now on. */
export function createRecheck(parts: RecheckParts): { close(): Promise<void> } {
  const { store, registry, integrations, events, now, onError } = parts
  /** The descriptor that was seen last, by integration and entity type: the same one again says nothing new. */
  const seen = new Map<string, EntityDescriptor | null>()
  /** One after the other for each integration. */
  const running = new Map<string, Promise<void>>()
  const closing = new AbortController()
  const { signal } = closing

  integrations.onSeen((what) => {
    const { integrationId, entityType } = what
    if (signal.aborted) return
    const key = `${integrationId} ${entityType?.name}`
    if (entityType !== null) {
      if (seen.get(key) === entityType.descriptor) return
      seen.set(key, entityType.descriptor)
    }
    const before = running.get(integrationId) ?? Promise.resolve()
    const next = before
      .then(() => look(what))
      .catch((error: unknown) => {
        if (!signal.aborted) onError(error)
        return false
      })
      .then((isDone) => {
        if (!isDone && seen.get(key) === entityType?.descriptor) seen.delete(key)
      })
    running.set(integrationId, next)
    void next.then(() => running.get(integrationId) === next && running.delete(integrationId))
  })

  /** Whether it was checked. */
  async function look(what: OrgSeen): Promise<boolean> {
    // Whoever changes settings meanwhile wins: the next try sees theirs.
    for (let tries = 0; tries < 3 && !signal.aborted; tries++) if (await checkAndKeep(what)) return true
    return false
  }

  /** False where the settings changed meanwhile. */
  async function checkAndKeep({ workspaceId, integrationId, entityType }: OrgSeen): Promise<boolean> {
    // Of a connection made anew we hear before memory knows of it.
    if (entityType === null) registry.invalidate(workspaceId, integrationId)
    const integration = await registry.find(workspaceId, integrationId)
    if (integration === null) return true
    const subjects = subjectsOf(integration).filter(({ section }) => tables[section] !== undefined)
    const concerned = entityType === null ? subjects : subjects.filter((it) => asks(integration, it, entityType.name))
    if (!concerned.some((it) => entitiesLookedAt(integration, it).length > 0)) return true
    const provider = await integrations.provider(workspaceId, integrationId)
    if (provider === null) return true

    const checks = await newChecks(provider, integration, concerned, entityType === null)
    if (checks.length === 0) return true
    const isKept = await store.keepChecks(integration, checks)
    registry.invalidate(workspaceId, integrationId)
    if (isKept) events.wake()
    return isKept
  }

  /** What is to be marked otherwise than it is. */
  async function newChecks(
    provider: CrmProvider,
    integration: IntegrationSnapshot,
    subjects: readonly Subject[],
    fresh: boolean,
  ): Promise<RowCheck[]> {
    const states = checkedOf(integration)
    const misfits = await findMissing(provider, integration, subjects, { fresh, signal })
    // Of constants that are in order the record was found; whether it is there still, pushes find out.
    const unfound = subjects.filter(
      ({ id }) => states.get(id)?.check !== 'OK' && !misfits.some(({ subject }) => subject.id === id),
    )
    const constants = await findConstants(provider, constantsOf(integration, unfound), { signal })
    const { settings } = withNames(integration, constants.names)
    const rows = [...settings.exportFields, ...settings.backendFields]

    const checks = subjects.flatMap(({ section, id }): RowCheck[] => {
      const table = tables[section]
      const state = states.get(id)
      const own = [...misfits, ...constants.faults].filter(({ subject }) => subject.id === id)
      const said = verdict(own, state, new Date(now()))
      if (table === undefined || (said.check === state?.check && said.problem === state.problem)) return []
      const lookupValue = rows.find((it) => it.id === id)?.lookupValue
      return [{ table, id, ...said, ...(lookupValue && { lookupValue }) }]
    })
    if (fresh || checks.length === 0) return checks
    // What we remember of other entity types may be older than what another process has found.
    const doubtful = subjects.filter(({ id }) => checks.some((it) => it.id === id))
    return newChecks(provider, integration, doubtful, true)
  }

  return {
    async close() {
      closing.abort()
      await Promise.all(running.values())
    },
  }
}

function asks(integration: IntegrationSnapshot, subject: Subject, entityName: string): boolean {
  return entitiesLookedAt(integration, subject).includes(entityName)
}

/** What a change asks of, and what only a look at the org does. */
function entitiesLookedAt(integration: IntegrationSnapshot, subject: Subject): string[] {
  return isBuiltIn(integration, subject)
    ? builtInEntities(integration, [subject])
    : entitiesAskedOf(integration, [subject])
}

/** @throws ProviderError */
async function findMissing(
  provider: CrmProvider,
  integration: IntegrationSnapshot,
  subjects: readonly Subject[],
  options: DescribeOptions,
): Promise<SettingFault[]> {
  const names = new Set(subjects.flatMap((it) => entitiesLookedAt(integration, it)))
  const org = await askOrg(provider, [...names], options)
  const [builtIn, others] = [true, false].map((is) => subjects.filter((it) => isBuiltIn(integration, it) === is))
  return [...checkMetadata(integration, others ?? [], org), ...builtInFaults(integration, builtIn ?? [], org)]
}
