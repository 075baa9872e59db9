import { randomBytes } from 'node:crypto'
import {
  type CrmProvider,
  type DescribeOptions,
  type EntityDescriptor,
  type FieldDescriptor,
  type FieldType,
  type ProviderError,
  type ProviderKey,
  providerDefinitions,
} from '@backchannel/providers'
import { onTestFinished } from 'vitest'
import { createEventBus } from '../events/bus.ts'
import { createIntegrationRegistry } from '../integrations/registry.ts'
import type { IntegrationService, OrgSeen } from '../integrations/service.ts'
import { defaultDynamicsOptions, defaultSalesforceOptions } from '../integrations/settings.ts'
import { isConnected } from '../integrations/snapshot.ts'
import { createIntegrationStore } from '../integrations/store.ts'
import { createSecretBox } from '../secrets/secret-box.ts'
import type { ExportFieldInput } from '../settings/edit/export-fields.ts'
import { createSettingsService, type Edit } from '../settings/service.ts'
import { createSettingsStore } from '../settings/store.ts'
import { CrmError, NotConnectedError, ValidationError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { openTestDatabase } from './database.ts'

export function testAdmin(actor: string): Viewer {
  return {
    kind: 'USER',
    workspaceId: 'workspace-1',
    scopes: ['ADMIN', 'SERVICE', 'AGENT'],
    actor,
    userId: actor,
    apiKeyId: null,
    agent: null,
    conversationIds: null,
    address: null,
  }
}

/** The paths and messages of a change that is refused. */
export async function refusalOf(work: Promise<unknown>): Promise<string[]> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ValidationError)) throw new Error('It was accepted, or failed otherwise', { cause: error })
  return error.fields.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

/** A field as metadata describes it: writable, filterable, without limits. */
export function testField(name: string, type: FieldType, changes: Partial<FieldDescriptor> = {}): FieldDescriptor {
  return {
    name,
    label: name,
    type,
    required: false,
    writable: true,
    filterable: true,
    maxLength: null,
    minimum: null,
    maximum: null,
    precision: null,
    options: [],
    restricted: type === 'OPTION_SET' || type === 'STATUS_REASON' || type === 'MULTI_OPTION_SET',
    targets: [],
    ...changes,
  }
}

export function testEntity(name: string, fields: FieldDescriptor[], changes: Partial<EntityDescriptor> = {}) {
  const entity: EntityDescriptor = {
    name,
    label: name,
    isActivity: false,
    creatable: true,
    kind: 'CUSTOM',
    idField: `${name}id`,
    primaryField: fields[0]?.name ?? 'name',
    fields,
    recordTypes: [],
    ...changes,
  }
  return entity
}

/** The default entity types of a vendor with their built-in fields, and some of each type on the account. */
export function testEntities(provider: ProviderKey): EntityDescriptor[] {
  const { descriptor } = providerDefinitions[provider]
  return descriptor.entityTypes.map((entityType) => {
    const builtIn = descriptor.defaultFields.filter(({ kind }) => kind === entityType.kind)
    const isAccount = entityType.kind === 'ACCOUNT'
    const names = new Set([entityType.primaryField, ...builtIn.map(({ name }) => name)])
    return testEntity(
      entityType.name,
      [
        ...[...names].map((name) => testField(name, builtIn.find((it) => it.name === name)?.type ?? 'TEXT')),
        ...(isAccount ? fieldsOfAllTypes(descriptor.entityTypes.map(({ name }) => name)) : []),
      ],
      { kind: entityType.kind },
    )
  })
}

function fieldsOfAllTypes(entityNames: readonly string[]): FieldDescriptor[] {
  const options = ['1', '2', '3'].map((value) => ({ value, label: `Option ${value}` }))
  return [
    testField('text', 'TEXT', { maxLength: 20 }),
    testField('number', 'WHOLE_NUMBER', { minimum: 0, maximum: 100 }),
    testField('money', 'CURRENCY', { precision: 2 }),
    testField('day', 'DATE'),
    testField('moment', 'DATE_TIME'),
    testField('flag', 'TWO_OPTIONS'),
    testField('choice', 'OPTION_SET', { options }),
    testField('choices', 'MULTI_OPTION_SET', { options }),
    testField('reason', 'STATUS_REASON', { options }),
    testField('open', 'OPTION_SET', { options, restricted: false }),
    testField('link', 'LOOKUP', { targets: [...entityNames] }),
    testField('formula', 'TEXT', { writable: false }),
    testField('essay', 'MULTILINE_TEXT', { filterable: false }),
  ]
}

/** One integration with its settings in a real database, and its org as plain data. */
export async function openSettingsWorld(key: ProviderKey) {
  const { prisma, workspaceId } = await openTestDatabase()
  const secrets = createSecretBox(`k1:${randomBytes(32).toString('base64')}`)
  const integrationStore = createIntegrationStore(prisma)
  const store = createSettingsStore(prisma)
  const events = createEventBus({ prisma, pollMs: 20 })
  const registry = createIntegrationRegistry({
    store: integrationStore,
    secrets,
    ports: () => {
      throw new Error('The org is plain data here')
    },
  })
  const { descriptor } = providerDefinitions[key]
  const integrationId = 'integration-1'
  await integrationStore.create(
    workspaceId,
    integrationId,
    {
      provider: key,
      name: descriptor.displayName,
      url: 'https://crm.example',
      orgId: 'org-1',
      emulated: true,
      connectedAs: 'Backchannel',
      connectedAt: new Date(),
      problems: [],
      entityTypes: descriptor.entityTypes.map((it) => ({ ...it, searchable: true, creatable: true })),
      defaultFields: descriptor.defaultFields
        .filter(({ switchable }) => switchable)
        .map(({ kind, name }) => ({ kind, name, required: false, showOnForm: true })),
      dynamics: key === 'DYNAMICS' ? defaultDynamicsOptions : null,
      salesforce: key === 'SALESFORCE' ? defaultSalesforceOptions : null,
    },
    '',
  )

  const org = {
    entities: new Map(testEntities(key).map((entity) => [entity.name, entity])),
    /** What is answered in place of `entities`, unless it is asked anew. */
    remembered: new Map<string, EntityDescriptor>(),
    /** Names of records, by key. */
    records: new Map([['record-1', 'Fourth Coffee']]),
    /** Thrown at whoever asks. */
    failure: null as ProviderError | null,
    asked: [] as string[],
  }
  const ask = async <T>(question: string, answer: T): Promise<T> => {
    org.asked.push(question)
    if (org.failure) throw org.failure
    return answer
  }
  const provider = {
    describeEntityType: (name: string, { fresh = false }: DescribeOptions = {}) => {
      const remembered = fresh ? undefined : org.remembered.get(name)
      return ask(`describe ${name}${fresh ? ' anew' : ''}`, remembered ?? org.entities.get(name) ?? null)
    },
    describeActivityType: ({ entityName }: { entityName: string }) =>
      ask('activity', { closable: entityName !== 'letter', subjectMaxLength: 200, bodyMaxLength: 2_000 }),
    listEntityTypes: () => ask('list', [...org.entities.values()]),
    findRecords: (_: string, ids: string[]) =>
      ask(
        'find',
        ids.map((id) => (org.records.has(id) ? { name: org.records.get(id) } : null)),
      ),
  } as unknown as CrmProvider

  const listeners: ((seen: OrgSeen) => void)[] = []
  const integrations: Pick<IntegrationService, 'call' | 'provider' | 'onSeen'> = {
    onSeen: (listener) => void listeners.push(listener),
    async provider(workspace, id) {
      const integration = await registry.find(workspace, id)
      return integration !== null && isConnected(integration) ? provider : null
    },
    async call(workspace, id, work) {
      const connected = await integrations.provider(workspace, id)
      if (connected === null) throw new NotConnectedError([key], 'It is not connected.')
      return work(connected).catch((error: unknown) => {
        throw error === org.failure && org.failure !== null ? new CrmError(key, org.failure) : error
      })
    },
  }
  const variables = new Set(['Page URL', 'Campaign'])
  const errors: unknown[] = []
  /** What happens as soon as the next change has read what is in force. */
  let meanwhile: (() => Promise<void>) | null = null
  const settings = createSettingsService({
    store,
    registry,
    integrations,
    events,
    async chatVariablesOf() {
      const happen = meanwhile
      meanwhile = null
      await happen?.()
      return [...variables]
    },
    now: Date.now,
    onError: (error) => void errors.push(error),
  })
  onTestFinished(async () => {
    await settings.close()
    await events.close()
  })

  const account = descriptor.entityTypes.find(({ kind }) => kind === 'ACCOUNT')?.name
  const read = async () => {
    const integration = await registry.find(workspaceId, integrationId)
    if (integration === null) throw new Error('The integration is gone')
    return integration
  }
  const accountId = (await read()).entityTypes.find(({ name }) => name === account)?.id ?? ''
  return {
    /** By Ada, of what is in force. */
    change: async (edit: Edit) =>
      settings.change(testAdmin('Ada'), integrationId, (await read()).settings.version, edit),
    /** An input of the account, of a field that the org has. */
    exportField: (changes: Partial<ExportFieldInput> = {}): ExportFieldInput => ({
      entityTypeId: accountId,
      name: 'text',
      variableType: 'INPUT',
      fieldType: 'TEXT',
      label: 'Text',
      ...changes,
    }),
    /** The id of the entity type. */
    account: accountId,
    prisma,
    integrations,
    /** What checks could not be made by. */
    errors,
    /** Does something while a change is under way that has read the settings and kept nothing yet. */
    during(happen: () => Promise<void>, changing: () => Promise<unknown>) {
      meanwhile = happen
      return changing()
    },
    /** The chat variables that the workspace knows. */
    variables,
    integrationId,
    org,
    settings,
    /** As every reader sees it. */
    read,
    entityTypeId: async (name: string) => {
      const found = (await read()).entityTypes.find((it) => it.name === name)
      if (found === undefined) throw new Error(`There is no entity type ${name}`)
      return found.id
    },
    async disconnect() {
      await prisma.integration.update({ where: { id: integrationId }, data: { status: 'DISCONNECTED' } })
      registry.invalidate(workspaceId, integrationId)
    },
    async reconnect() {
      await prisma.integration.update({ where: { id: integrationId }, data: { status: 'CONNECTED' } })
      registry.invalidate(workspaceId, integrationId)
    },
    /** Somebody looked at the org, or at one entity type of it. */
    async look(entityName: string | null) {
      const entityType =
        entityName === null ? null : { name: entityName, descriptor: org.entities.get(entityName) ?? null }
      for (const listener of listeners) listener({ workspaceId, integrationId, entityType })
    },
  }
}
