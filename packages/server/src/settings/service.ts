/**
 * Settings are changed here, in one way: read what is in force, edit it as plain data, check it, keep it with a record of
 * the change. Everything else reads them from memory.
 */
import { v7 as uuid } from 'uuid'
import type { EventBus } from '../events/bus.ts'
import type { IntegrationRegistry } from '../integrations/registry.ts'
import type { IntegrationService } from '../integrations/service.ts'
import { type IntegrationSnapshot, isConnected } from '../integrations/snapshot.ts'
import { ConflictError, CrmError, NotConnectedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { isBuiltIn } from './check/built-in.ts'
import { closedCustomActivity, closingWarnings } from './check/closing.ts'
import { withNames } from './check/constants.ts'
import { asksOrg, type Examination, examine } from './check/examine.ts'
import type { SettingFault } from './check/fault.ts'
import { checkStructure } from './check/structure.ts'
import { changedSubjects, checkedOf, isOfChange, unchecked, verdict, withChecks } from './check/subjects.ts'
import { warningsOf } from './check/warnings.ts'
import { differenceOf, documentOf } from './document.ts'
import { readDocument } from './document-reader.ts'
import { draftOf, withDraft } from './draft.ts'
import type { Edit, SettingsEdit, Subject } from './edit/edit.ts'
import { importDocument } from './edit/import.ts'
import { createRecheck } from './recheck.ts'
import type { SettingsStore } from './store.ts'

export type { Edit, SettingsSection } from './edit/edit.ts'

export interface SettingsChanged {
  readonly integration: IntegrationSnapshot
  readonly changedId: string | null
  /** What was saved and still asks for a look: "Notes cannot be closed: choose Task". */
  readonly warnings: readonly string[]
}

export interface SettingsService {
  /**
   * @param edit one of `edit/`: what is in force → what shall be
   * @throws ConflictError where `expectedVersion` is not the one in force; ValidationError where the result is not
   *   sound or names what the org does not have; what `edit` throws; CrmError where the org could not be asked
   */
  change(viewer: Viewer, integrationId: string, expectedVersion: number, edit: Edit): Promise<SettingsChanged>
  /** All settings as one readable document, without ids. */
  exportDocument(viewer: Viewer, integrationId: string): Promise<unknown>
  importDocument(
    viewer: Viewer,
    integrationId: string,
    expectedVersion: number,
    document: unknown,
  ): Promise<SettingsChanged>
  /** Back to what they were right after that change, as a new change (ruling 20). */
  restore(viewer: Viewer, changeId: string, expectedVersion: number): Promise<SettingsChanged>
  /** The integration as it would be with these settings; nothing is kept. For previews. */
  tryOut(viewer: Viewer, integrationId: string, document: unknown): Promise<SettingsChanged>
  /** Ends listening and waits for checks under way. */
  close(): Promise<void>
}

export interface SettingsServiceParts {
  store: SettingsStore
  registry: Pick<IntegrationRegistry, 'find' | 'invalidate'>
  integrations: Pick<IntegrationService, 'call' | 'provider' | 'onSeen'>
  events: Pick<EventBus, 'wake'>
  /** The names of the chat variables that a workspace knows. */
  chatVariablesOf: (workspaceId: string) => Promise<readonly string[]>
  /** Milliseconds since 1970. */
  now: () => number
  /** Told where settings could not be checked again; the next look at the org tries again. */
  onError: (error: unknown) => void
}

export function createSettingsService(parts: SettingsServiceParts): SettingsService {
  const { store, registry, integrations, events, chatVariablesOf, now } = parts
  const recheck = createRecheck(parts)

  /** The edit's outcome, found sound. */
  async function attempt(before: IntegrationSnapshot, edit: Edit) {
    const change = edit(draftOf(before), before)
    const after = withDraft(before, change.draft)
    const variables = await chatVariablesOf(before.workspaceId)
    refuse(faultsOfChange(before, after, checkStructure(before, variables), checkStructure(after, variables)), change)
    return { change, after }
  }

  /**
   * What was added or altered carries what the org says of it.
   *
   * @throws ValidationError where the org does not have it, unless the change says otherwise; CrmError
   */
  async function checked(
    before: IntegrationSnapshot,
    change: SettingsEdit,
    after: IntegrationSnapshot,
  ): Promise<IntegrationSnapshot> {
    const known = checkedOf(before)
    const kept = withChecks(after, known)
    const subjects = changedSubjects(before, after)
    const asking = subjects.filter((subject) => asksOrg(after, [subject]))
    const mark = (of: typeof subjects, say: Parameters<typeof withChecks>[1]) =>
      withChecks(
        kept,
        new Map(
          of.flatMap((subject) => {
            // What no change asks for keeps what the last look at the org left.
            if (isBuiltIn(after, subject)) return []
            return [[subject.id, say.get(subject.id) ?? verdict([], undefined, new Date(now()))] as const]
          }),
        ),
      )
    if (asking.length === 0) return mark(subjects, new Map())
    const examination = isConnected(before) ? await examined(after, asking) : null
    if (examination === null) return mark(subjects, new Map(asking.map(({ id }) => [id, unchecked])))
    const { faults, names } = examination
    if (change.misfits !== 'MARK') refuse(faults.filter(isOfChange(before, after)), change)
    const verdicts = subjects.map(({ id }) => {
      const own = faults.filter(({ subject }) => subject.id === id)
      return [id, verdict(own, known.get(id), new Date(now()))] as const
    })
    return withNames(mark(subjects, new Map(verdicts)), names)
  }

  /** Null where it is not connected any more, or not yet as far as this process knows. */
  async function examined(integration: IntegrationSnapshot, asking: readonly Subject[]): Promise<Examination | null> {
    const { workspaceId, id } = integration
    try {
      return await integrations.call(workspaceId, id, (provider) => examine(provider, integration, asking))
    } catch (error) {
      if (error instanceof NotConnectedError) return null
      throw error
    }
  }

  async function change(
    { workspaceId, actor }: Viewer,
    integrationId: string,
    expectedVersion: number,
    edit: Edit,
  ): Promise<SettingsChanged> {
    // Not from memory, which may hold a part of what another process is just about to replace.
    const before = await store.read(workspaceId, integrationId)
    if (before === null) throw new NotFoundError('There is no such integration in this workspace.')
    if (before.settings.version !== expectedVersion) throw await conflict(before)

    const { change, after: wanted } = await attempt(before, edit)
    const after = await checked(before, change, wanted)
    const document = documentOf(after)
    const difference = differenceOf(documentOf(before), document)
    if (Object.keys({ ...difference.before, ...difference.after }).length === 0) {
      return { integration: before, changedId: change.changedId, warnings: await warningsFor(change, before) }
    }

    const next = { ...after, settings: { ...after.settings, version: expectedVersion + 1 } }
    const { section, summary } = change
    const record = { id: uuid(), at: new Date(now()), by: actor, section, summary, ...difference, document }
    if (!(await store.keep(before, next, record))) throw await conflict(before)
    registry.invalidate(workspaceId, integrationId)
    events.wake()
    return {
      integration: (await registry.find(workspaceId, integrationId)) ?? next,
      changedId: change.changedId,
      warnings: await warningsFor(change, next),
    }
  }

  /** All that a change is told of; of what the org must say, only where it can be asked. */
  async function warningsFor(
    { section, sections = [section], changedId }: SettingsEdit,
    integration: IntegrationSnapshot,
  ): Promise<string[]> {
    const concerned = warningsOf(integration)
      .filter((warning) => warning.sections.some((it) => sections.includes(it)))
      .filter(({ ids }) => changedId === null || ids.includes(changedId))
      .map(({ message }) => message)
    const closed = sections.includes('INTEGRATION') ? closedCustomActivity(integration) : null
    const provider = closed && (await integrations.provider(integration.workspaceId, integration.id))
    if (!closed || !provider) return concerned
    // The change is kept by now: that nothing can be said of closing does not undo it.
    return [...concerned, ...(await closingWarnings(provider, closed).catch(() => []))]
  }

  async function conflict({ workspaceId, id, name }: IntegrationSnapshot): Promise<ConflictError> {
    const [inForce, last] = await Promise.all([store.read(workspaceId, id), store.lastChange(workspaceId, id)])
    return new ConflictError(`The settings of ${name} were changed meanwhile. Load them again.`, {
      ...(inForce && { version: inForce.settings.version }),
      ...(last && { changedBy: last.by, changedAt: last.at }),
    })
  }

  return {
    change,

    async exportDocument({ workspaceId }, integrationId) {
      return documentOf(await find(workspaceId, integrationId))
    },

    async importDocument(viewer, integrationId, expectedVersion, document) {
      const { provider } = await find(viewer.workspaceId, integrationId)
      const path = ['input', 'document']
      const read = readDocument(document, provider, path)
      const edit = importDocument(read, { summary: 'Imported a settings document', path, misfits: 'REFUSE' })
      return change(viewer, integrationId, expectedVersion, edit)
    },

    async restore(viewer, changeId, expectedVersion) {
      const kept = await store.findChange(viewer.workspaceId, changeId)
      if (kept === null) throw new NotFoundError('There is no such change of settings in this workspace.')
      const { provider } = await find(viewer.workspaceId, kept.integrationId)
      const read = readDocument(kept.document, provider, ['changeId'])
      const summary = `Restored the settings of ${kept.at.toISOString()}`
      const edit = importDocument(read, { summary, path: ['changeId'], misfits: 'MARK' })
      return change(viewer, kept.integrationId, expectedVersion, edit)
    },

    async tryOut({ workspaceId }, integrationId, document) {
      const before = await find(workspaceId, integrationId)
      const path = ['input', 'settings']
      const read = readDocument(document, before.provider, path)
      const { change, after } = await attempt(before, importDocument(read, { summary: '', path, misfits: 'MARK' }))
      const integration = await checked(before, change, after).catch((error: unknown) => {
        // What only an org could tell is left open: the settings can be looked at all the same.
        if (error instanceof CrmError) return after
        throw error
      })
      return { integration, changedId: null, warnings: await warningsFor(change, integration) }
    },

    close: recheck.close,
  }

  async function find(workspaceId: string, integrationId: string): Promise<IntegrationSnapshot> {
    const integration = await registry.find(workspaceId, integrationId)
    if (integration === null) throw new NotFoundError('There is no such integration in this workspace.')
    return integration
  }
}

/** What was wrong before (a chat variable that is not declared any more) stands in the way of nothing else. */
function faultsOfChange(
  before: IntegrationSnapshot,
  after: IntegrationSnapshot,
  old: readonly SettingFault[],
  found: readonly SettingFault[],
): SettingFault[] {
  const keyOf = ({ subject, path, message }: SettingFault) => JSON.stringify([subject.id, path, message])
  const known = new Set(old.map(keyOf))
  const changed = new Set(changedSubjects(before, after).map(({ id }) => id))
  const isTouched = isOfChange(before, after)
  return found.filter((fault) => !known.has(keyOf(fault)) || (changed.has(fault.subject.id) && isTouched(fault)))
}

/** @throws ValidationError that places each fault where its input stands */
function refuse(faults: readonly SettingFault[], { place }: SettingsEdit): void {
  if (faults.length === 0) return
  throw new ValidationError(faults.map(({ subject, path, message }) => ({ path: place(subject, path), message })))
}
