/** Settings in the database: a change is kept whole, with its record and its events, or not at all. */
import { v7 as uuid } from 'uuid'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import type { Checked, DefaultFieldSnapshot, EntityTypeSnapshot, LookupValue } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { createIntegrationStore } from '../integrations/store.ts'
import { isBuiltIn } from './check/built-in.ts'
import { changedSubjects } from './check/subjects.ts'
import { documentOf } from './document.ts'
import type { SettingsSection } from './edit/edit.ts'
import { checkedData, differ, difference, keepLists } from './lists-store.ts'

/** The record of a change. */
export interface NewSettingsChange {
  readonly id: string
  readonly at: Date
  readonly by: string
  readonly section: SettingsSection
  readonly summary: string
  /** What of the settings document differs. */
  readonly before: object
  readonly after: object
  /** The whole settings document right after it. */
  readonly document: object
}

export interface KeptChange {
  readonly integrationId: string
  readonly at: Date
  readonly by: string
  readonly document: unknown
}

/** What the org said of a row, to be kept with it. */
export interface RowCheck extends Checked {
  readonly table:
    | 'settings'
    | 'entityType'
    | 'defaultField'
    | 'exportField'
    | 'searchField'
    | 'detailField'
    | 'backendField'
  readonly id: string
  /** A constant by the name that its record has. */
  readonly lookupValue?: LookupValue | null
}

export interface SettingsStore {
  /** What is in force, as the database has it. */
  read(workspaceId: string, integrationId: string): Promise<IntegrationSnapshot | null>
  /**
   * The first change keeps what a new integration had with it, so that there is a way back to that too.
   *
   * @returns false where somebody else changed the settings since `before` was read
   */
  keep(before: IntegrationSnapshot, after: IntegrationSnapshot, change: NewSettingsChange): Promise<boolean>
  /** False where the settings are not those of this version any more. */
  keepChecks(integration: IntegrationSnapshot, checks: readonly RowCheck[]): Promise<boolean>
  findChange(workspaceId: string, id: string): Promise<KeptChange | null>
  lastChange(workspaceId: string, integrationId: string): Promise<KeptChange | null>
}

export function createSettingsStore(prisma: PrismaClient): SettingsStore {
  const integrations = createIntegrationStore(prisma)
  const change = { select: { integrationId: true, at: true, by: true, document: true } } as const

  return {
    async read(workspaceId, integrationId) {
      const all = await integrations.list(workspaceId)
      return all.find(({ id }) => id === integrationId) ?? null
    },

    keep(before, after, { id, before: was, after: is, document, ...record }) {
      const { workspaceId, id: integrationId } = after
      return prisma.$transaction(async (transaction) => {
        const altered = new Set(
          changedSubjects(before, after)
            .filter((subject) => !isBuiltIn(after, subject))
            .map((subject) => subject.id),
        )
        if (!(await keepSettings(transaction, before, after, altered))) return false
        await keepEntityTypes(transaction, before, after, altered)
        await keepDefaultFields(transaction, before, after)
        await keepLists(transaction, before, after, altered)
        if (before.settings.version === 1) await keepOrigin(transaction, before)
        const own = { workspaceId, integrationId }
        await transaction.settingsChange.create({
          data: { ...own, ...record, id, version: after.settings.version, before: was, after: is, document },
        })
        await transaction.event.createMany({
          data: [
            { ...own, kind: 'INTEGRATION_CHANGED' },
            { ...own, kind: 'SETTINGS_CHANGED', settingsChangeId: id },
          ],
        })
        return true
      })
    },

    keepChecks({ workspaceId, id: integrationId, settings: { version } }, checks) {
      return prisma.$transaction(async (transaction) => {
        // Written for the sake of the lock: from here on nobody changes these settings.
        const { count } = await transaction.settings.updateMany({
          where: { workspaceId, integrationId, version },
          data: { version },
        })
        if (count === 0) return false
        for (const { table, id, lookupValue, ...said } of checks) {
          const write = transaction[table].updateMany as (query: object) => Promise<unknown>
          const data = { ...said, ...(lookupValue && { lookupValue: { ...lookupValue } }) }
          await write({ where: { workspaceId, id }, data })
        }
        await transaction.event.create({ data: { workspaceId, integrationId, kind: 'INTEGRATION_CHANGED' } })
        return true
      })
    },

    findChange: (workspaceId, id) => prisma.settingsChange.findFirst({ ...change, where: { workspaceId, id } }),

    lastChange: (workspaceId, integrationId) =>
      prisma.settingsChange.findFirst({
        ...change,
        where: { workspaceId, integrationId },
        orderBy: { version: 'desc' },
      }),
  }
}

type Transaction = Prisma.TransactionClient

/** Compare and swap: false where the version is not the one that was read. */
async function keepSettings(
  transaction: Transaction,
  before: IntegrationSnapshot,
  { workspaceId, id: integrationId, settings }: IntegrationSnapshot,
  altered: ReadonlySet<string>,
): Promise<boolean> {
  const { autoSmsPush, autoChatPush, dynamics, salesforce } = settings
  const { count } = await transaction.settings.updateMany({
    where: { workspaceId, integrationId, version: before.settings.version },
    data: {
      version: settings.version,
      searchOrder: [...settings.searchOrder],
      fetchCrmData: settings.fetchCrmData,
      autoSmsEnabled: autoSmsPush.enabled,
      autoSmsEntityTypeId: autoSmsPush.entityTypeId,
      autoSmsField: autoSmsPush.field,
      autoSmsIdentifier: autoSmsPush.identifier,
      autoChatEnabled: autoChatPush.enabled,
      tagSingleMatchUnasked: autoChatPush.tagSingleMatchUnasked,
      ...(altered.has(settings.id) && checkedData(settings)),
    },
  })
  if (count === 0) return false

  const own = { workspaceId, integrationId }
  if (dynamics) {
    const { allowNewCreation, allowActivityClosing, chatsSaveTo, activityTypeName } = dynamics
    const data = { allowNewCreation, allowActivityClosing, chatsSaveTo, activityTypeName }
    await transaction.dynamicsSettings.updateMany({ where: own, data })
  }
  if (salesforce) {
    await transaction.salesforceSettings.updateMany({
      where: own,
      data: {
        allowActivitySubjectChange: salesforce.allowActivitySubjectChange,
        subjectSuffix: salesforce.subjectSuffix,
        personAccountEnabled: salesforce.personAccountEnabled,
        accountNumberUsed: salesforce.accountNumberUsed,
        accountEmailField: salesforce.accountEmailField,
        sessionIdleMinutes: salesforce.sessionIdleMinutes,
        sessionGraceSeconds: salesforce.sessionGraceSeconds,
      },
    })
  }
  if (differ(before.settings.autoChatPush.rules, autoChatPush.rules)) {
    await transaction.autoChatRule.deleteMany({ where: own })
    await transaction.autoChatRule.createMany({
      data: autoChatPush.rules.map(({ identifier, entityTypeId, field }, position) => ({
        ...own,
        id: uuid(),
        position,
        identifier,
        entityTypeId,
        field,
      })),
    })
  }
  return true
}

/** What was in force before anybody changed anything. */
async function keepOrigin(transaction: Transaction, origin: IntegrationSnapshot): Promise<void> {
  const { workspaceId, id: integrationId } = origin
  const document: object = documentOf(origin)
  const { createdAt } = await transaction.integration.findFirstOrThrow({ where: { workspaceId, id: integrationId } })
  await transaction.settingsChange.create({
    data: {
      id: uuid(),
      workspaceId,
      integrationId,
      version: origin.settings.version,
      at: createdAt,
      by: 'Backchannel',
      section: 'CONNECTION',
      summary: 'Connected, with the settings that a new integration has',
      document,
    },
  })
}

async function keepEntityTypes(
  transaction: Transaction,
  before: IntegrationSnapshot,
  after: IntegrationSnapshot,
  altered: ReadonlySet<string>,
): Promise<void> {
  const { workspaceId, id: integrationId } = after
  const toData = (it: EntityTypeSnapshot) => ({
    kind: it.kind,
    name: it.name,
    displayName: it.displayName,
    primaryField: it.primaryField,
    primaryFieldLabel: it.primaryFieldLabel,
    searchable: it.searchable,
    creatable: it.creatable,
    position: it.position,
  })
  const { removed, added, changed } = difference(before.entityTypes, after.entityTypes, toData, altered)
  if (removed.length > 0) await transaction.entityType.deleteMany({ where: { workspaceId, id: { in: removed } } })
  for (const { id, data } of changed) await transaction.entityType.updateMany({ where: { workspaceId, id }, data })
  if (added.length > 0) {
    await transaction.entityType.createMany({
      data: added.map(({ id, data }) => ({ ...data, id, workspaceId, integrationId })),
    })
  }
}

async function keepDefaultFields(
  transaction: Transaction,
  before: IntegrationSnapshot,
  { workspaceId, defaultFields }: IntegrationSnapshot,
): Promise<void> {
  const known = new Map(before.defaultFields.map((field) => [field.id, switchesOf(field)]))
  for (const field of defaultFields) {
    const data = switchesOf(field)
    if (!differ(known.get(field.id), data)) continue
    await transaction.defaultField.updateMany({ where: { workspaceId, id: field.id }, data })
  }
}

const switchesOf = ({ required, showOnForm }: DefaultFieldSnapshot) => ({ required, showOnForm })
