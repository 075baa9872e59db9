/** Every address of the app, as an admin finds it in a new workspace and in one that is in use. */
import type { Page } from 'playwright-core'
import { lookUpId } from '../../packages/server/src/shared/global-id.ts'
import { startConversation, tag } from '../gateway/conversing.ts'
import { orgsOf } from '../gateway/searching.ts'
import type { AdminApp, Look } from './admin-app.ts'

type State = 'empty' | 'filled'

export interface AppPage {
  readonly name: string
  /** The paths of `routes.tsx` that stand there. */
  readonly routes: readonly string[]
  readonly in: readonly State[]
  open(app: AdminApp, look: Look, ids: Ids): Promise<Page>
}

/** Global IDs of what pages are about. */
export interface Ids {
  dynamics: string
  salesforce: string
  /** Only in a workspace that is in use. */
  entityType: string
  exportField: string
  searchField: string
  detailField: string
  backendField: string
  conversation: string
  push: string
}

const always: readonly State[] = ['empty', 'filled']
/** It looks the same in a new workspace. */
const filled: readonly State[] = ['filled']

function page(name: string, path: string | ((ids: Ids) => string), routes: string[], states = always): AppPage {
  const address = (ids: Ids) => (typeof path === 'string' ? path : path(ids))
  return { name, routes, in: states, open: (app, look, ids) => app.open(address(ids), look) }
}

type Crm = 'dynamics' | 'salesforce'

/** A section of the settings of either CRM. */
function section(crm: Crm, path: string, states = always): AppPage {
  const address = (ids: Ids) => `/settings/${encodeURIComponent(ids[crm])}${path}`
  return page(`${path.slice(1)} of ${crm}`, address, ['/settings/$integrationId', path], states)
}

/** A dialog of a page, which a button opens. */
function dialog(name: string, path: (ids: Ids) => string, button: RegExp): AppPage {
  return {
    name: `the dialog “${name}”`,
    routes: [],
    in: filled,
    async open(app, look, ids) {
      const page = await app.open(path(ids), look)
      await page.getByRole('button', { name: button }).first().click()
      await page.getByRole('dialog').waitFor()
      return page
    },
  }
}

/** A page of somebody who is not signed in. */
function strangers(path: string): AppPage {
  const open = (app: AdminApp, look: Look) => app.openAsStranger(path, look)
  return { name: path.slice(1), routes: [path], in: ['empty'], open }
}

/** A row of a list of fields, or the form of a new one. */
function forms(list: string, id: (ids: Ids) => string, parameter: string): AppPage[] {
  const base = (crm: Crm, ids: Ids) => `/settings/${encodeURIComponent(ids[crm])}/${list}`
  return [
    page(`a new one of ${list} of dynamics`, (ids) => `${base('dynamics', ids)}/new`, [`/${list}/new`], filled),
    page(`a new one of ${list} of salesforce`, (ids) => `${base('salesforce', ids)}/new`, [], filled),
    page(
      `one of ${list}`,
      (ids) => `${base('dynamics', ids)}/${encodeURIComponent(id(ids))}`,
      [`/${list}/${parameter}`],
      filled,
    ),
  ]
}

export const pages: readonly AppPage[] = [
  strangers('/sign-in'),
  strangers('/first-run'),
  strangers('/join'),
  page('integrations', '/', ['/', '/integrations/{-$crm}']),
  ...['/entities', '/export-fields', '/search-fields', '/detail-fields', '/backend-fields', '/history'].map((path) =>
    section('dynamics', path),
  ),
  ...['/integration', '/default-fields', '/document'].map((path) => section('dynamics', path, filled)),
  ...['/integration', '/default-fields', '/backend-fields'].map((path) => section('salesforce', path, filled)),
  ...forms('entities', (ids) => ids.entityType, '$entityTypeId'),
  ...forms('export-fields', (ids) => ids.exportField, '$fieldId'),
  ...forms('search-fields', (ids) => ids.searchField, '$fieldId'),
  ...forms('detail-fields', (ids) => ids.detailField, '$fieldId'),
  ...forms('backend-fields', (ids) => ids.backendField, '$fieldId'),
  page('pushes', '/pushes', ['/pushes']),
  page('a push', ({ push }) => `/pushes/${encodeURIComponent(push)}`, ['/pushes/$pushId'], filled),
  page('conversations', '/conversations', ['/conversations']),
  page(
    'a conversation',
    ({ conversation }) => `/conversations/${encodeURIComponent(conversation)}`,
    ['/conversations/$conversationId'],
    filled,
  ),
  page('API keys', '/api-keys', ['/api-keys']),
  page('for developers', '/developers', ['/developers'], filled),
  page('members', '/members', ['/members']),
  page('audit log', '/audit', ['/audit'], filled),
  page('workspace', '/workspace', ['/workspace'], filled),
  page('account', '/account', ['/account'], filled),
  dialog('Connect', () => '/integrations', /^Reconnect$/),
  dialog('Disconnect', () => '/integrations', /^Disconnect$/),
  dialog('Create a key', () => '/api-keys', /^Create a key$/),
  dialog('Invite somebody', () => '/members', /^Invite somebody$/),
  dialog('Remove', ({ dynamics }) => `/settings/${encodeURIComponent(dynamics)}/entities`, /^Remove/),
  dialog('Go back', ({ dynamics }) => `/settings/${encodeURIComponent(dynamics)}/history`, /^Go back to this state$/),
  page('a page that is not there', '/nowhere', ['$'], ['empty']),
]

export async function idsOf(app: AdminApp): Promise<Ids> {
  const orgs = await orgsOf(app.gateway)
  const none = { entityType: '', exportField: '', searchField: '', detailField: '', backendField: '' }
  return { dynamics: orgs.DYNAMICS.id, salesforce: orgs.SALESFORCE.id, ...none, conversation: '', push: '' }
}

const longName = 'Einverständniserklärung zur Datenverarbeitung und Weitergabe an Dritte'

/** Brings the workspace into use: settings of every kind, a broken one among them, keys, conversations and pushes. */
export async function fill(app: AdminApp): Promise<Ids> {
  const ids = await idsOf(app)
  const { settings, integrations } = app.gateway.gateway.services
  const admin = app.gateway.viewer('ADMIN')
  const id = lookUpId('Integration', ids.dynamics)
  const document = (await settings.exportDocument(admin, id)) as { entityTypes: object[] }
  const shown = [
    { entityType: 'account', name: 'revenue', label: 'Revenue', fieldType: 'CURRENCY' },
    { entityType: 'account', name: 'industrycode', label: longName, fieldType: 'OPTION_SET' },
    { entityType: 'contact', name: 'jobtitle', label: 'Job title', fieldType: 'TEXT' },
  ]
  const version = (await integrations.find(app.gateway.workspaceId, id))?.settings.version ?? 0
  await settings.importDocument(admin, id, version, {
    ...document,
    entityTypes: [
      ...document.entityTypes,
      {
        ...{ name: 'opportunity', displayName: 'Opportunities', primaryField: 'name', primaryFieldLabel: 'Topic' },
        ...{ searchable: true, creatable: true },
      },
    ],
    searchFields: shown,
    detailFields: shown,
    exportFields: [
      ...shown.map((field) => ({ ...field, variableType: 'INPUT' })),
      { entityType: 'contact', name: 'address1_city', variableType: 'CONSTANT', fieldType: 'TEXT', value: 'Sales' },
      { entityType: 'contact', name: 'description', variableType: 'CHAT_VARIABLE', variable: 'Location' },
    ],
    backendFields: [
      { ...shown[0], variableType: 'INPUT', overwrite: true },
      { entityType: 'contact', name: 'jobtitle', variableType: 'CONSTANT', fieldType: 'TEXT', value: 'Visitor' },
    ],
  })
  await app.gateway.execute('mutation { createApiKey(name: "Chat backend", scope: SERVICE) { __typename } }')
  await converse(app)
  return { ...ids, ...(await idsOfRows(app, ids.dynamics)) }
}

/** One that is tagged and one that is not. */
async function converse(app: AdminApp): Promise<void> {
  const { searchRecords } = await app.gateway.execute(
    '{ searchRecords(input: { phone: "+15125550143" }) { ... on SearchRecordsSuccess { hits { record { id } } } } }',
  )
  await startConversation(app.gateway, 'CHAT', { fullName: longName, email: 'visitor@example.com' })
  const tagged = await startConversation(app.gateway, 'SMS')
  await tag(app.gateway, tagged, [searchRecords.hits[0].record.id])
}

async function idsOfRows(app: AdminApp, integrationId: string) {
  const { integration, pushes, conversations } = await app.gateway.execute(
    `query ($id: ID!) {
      integration(id: $id) {
        entityTypes { id kind }
        settings { exportFields { id } searchFields { id } detailFields { id } backendFields { id } }
      }
      pushes(first: 1) { edges { node { id } } }
      conversations(first: 1) { edges { node { id } } }
    }`,
    { id: integrationId },
  )
  const { exportFields, searchFields, detailFields, backendFields } = integration.settings
  return {
    entityType: String(integration.entityTypes.find(({ kind }: { kind: string }) => kind === 'CUSTOM').id),
    exportField: String(exportFields[0].id),
    searchField: String(searchFields[0].id),
    detailField: String(detailFields[0].id),
    backendField: String(backendFields[0].id),
    conversation: String(conversations.edges[0].node.id),
    push: String(pushes.edges[0].node.id),
  }
}
