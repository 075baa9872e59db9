/**
 * Settings are checked again whenever an org was looked at: what was saved unchecked is checked, what the org has no
 * more is marked, and what it has again is whole again.
 */
import type { EntityDescriptor } from '@backchannel/providers'
import type { EventBus } from '../events/bus.ts'
import type { IntegrationRegistry } from '../integrations/registry.ts'
import type { IntegrationService, OrgSeen } from '../integrations/service.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { constantsOf, findConstants, withNames } from './check/constants.ts'
import { findFaults } from './check/examine.ts'
import { entitiesAskedOf } from './check/org.ts'
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

  integrations.onSeen(({ workspaceId, integrationId, entityType }) => {
    if (signal.aborted) return
    if (entityType !== null) {
      const key = `${integrationId} ${entityType.name}`
      if (seen.get(key) === entityType.descriptor) return
      seen.set(key, entityType.descriptor)
    }
    const before = running.get(integrationId) ?? Promise.resolve()
    const next = before
      .then(() => look({ workspaceId, integrationId, entityType }))
      .catch((error: unknown) => {
        if (!signal.aborted) onError(error)
      })
    running.set(integrationId, next)
    void next.then(() => running.get(integrationId) === next && running.delete(integrationId))
  })

  async function look(what: OrgSeen): Promise<void> {
    // Whoever changes settings meanwhile wins: the second look sees theirs.
    for (let tries = 0; tries < 3 && !signal.aborted; tries++) if (await checkAndKeep(what)) return
  }

  /** False where the settings changed meanwhile. */
  async function checkAndKeep({ workspaceId, integrationId, entityType }: OrgSeen): Promise<boolean> {
    // Of a connection made anew we hear before memory knows of it.
    if (entityType === null) registry.invalidate(workspaceId, integrationId)
    const integration = await registry.find(workspaceId, integrationId)
    if (integration === null) return true
    const subjects = subjectsOf(integration).filter(({ section }) => tables[section] !== undefined)
    const concerned = entityType === null ? subjects : subjects.filter((it) => asks(integration, it, entityType.name))
    if (!concerned.some((it) => entitiesAskedOf(integration, [it]).length > 0)) return true
    const provider = await integrations.provider(workspaceId, integrationId)
    if (provider === null) return true

    // After a check the org is asked anew; otherwise what was just seen is new enough.
    const faults = await findFaults(provider, integration, concerned, { fresh: entityType === null, signal })
    const states = checkedOf(integration)
    const unnamed = concerned.filter(({ id }) => states.get(id)?.check === 'UNCHECKED')
    const constants = await findConstants(provider, constantsOf(integration, unnamed), { signal })
    const named = withNames(integration, constants.names)
    const rows = [...named.settings.exportFields, ...named.settings.backendFields]

    const checks = concerned.flatMap(({ section, id }): RowCheck[] => {
      const table = tables[section]
      const state = states.get(id)
      const own = [...faults, ...constants.faults].filter(({ subject }) => subject.id === id)
      const said = verdict(own, state, new Date(now()))
      if (table === undefined || (said.check === state?.check && said.problem === state.problem)) return []
      const lookupValue = rows.find((it) => it.id === id)?.lookupValue
      return [{ table, id, ...said, ...(lookupValue && { lookupValue }) }]
    })
    if (checks.length === 0) return true
    if (!(await store.keepChecks(integration, checks))) {
      registry.invalidate(workspaceId, integrationId)
      return false
    }
    registry.invalidate(workspaceId, integrationId)
    events.wake()
    return true
  }

  return {
    async close() {
      closing.abort()
      await Promise.all(running.values())
    },
  }
}

function asks(integration: IntegrationSnapshot, subject: Subject, entityName: string): boolean {
  return entitiesAskedOf(integration, [subject]).includes(entityName)
}
