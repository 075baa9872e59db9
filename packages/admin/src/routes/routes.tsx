/** Every address of the app, and the page that stands there. A page is loaded when somebody first goes to it. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { readConversationSearch } from '../features/conversations/conversation-search.ts'
import { Live } from '../features/live/live.tsx'
import { readPushSearch } from '../features/pushes/push-search.ts'
import { hadSession } from '../features/sign-in/session.ts'
import { SessionGate } from '../features/sign-in/session-gate.tsx'
import { SignInPage } from '../features/sign-in/sign-in-page.tsx'
import { AppFrame } from '../ui/app-frame.tsx'
import { NotFoundPage } from '../ui/not-found-page.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { places } from './places.ts'

const root = createRootRoute({ component: Outlet })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ next, ended }: Record<string, unknown>): { next?: string; ended?: true } => ({
    ...(typeof next === 'string' && { next }),
    ...(ended === true && { ended }),
  }),
  component: SignInPage,
})

const firstRun = createRoute({
  getParentRoute: () => root,
  path: '/first-run',
  component: lazyRouteComponent(() => import('../features/sign-in/first-run-page.tsx'), 'FirstRunPage'),
})

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('../features/sign-in/join-page.tsx'), 'JoinPage'),
})

/** Whatever needs somebody who is signed in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: () => (
    <SessionGate>{({ signOut }) => <AppFrame places={places} onSignOut={signOut} news={<Live />} />}</SessionGate>
  ),
})

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: () => redirect({ to: '/integrations/{-$crm}', replace: true, throw: true }),
})

/** Every CRM has an address of its own on the one page. */
const integrations = createRoute({
  getParentRoute: () => signedIn,
  path: '/integrations/{-$crm}',
  /** `connected`: somebody is back from the page of a CRM, where all went well. */
  validateSearch: (search): { connected?: true } => (search['connected'] ? { connected: true } : {}),
  component: lazyRouteComponent(() => import('../features/integrations/integrations-page.tsx'), 'IntegrationsPage'),
})

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/$integrationId',
  component: lazyRouteComponent(() => import('./settings-route.tsx'), 'SettingsRoute'),
})

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: ({ params }) =>
    redirect({ to: '/settings/$integrationId/integration', params, replace: true, throw: true }),
})

const integrationSettings = createRoute({
  getParentRoute: () => settings,
  path: '/integration',
  component: lazyRouteComponent(
    () => import('../features/settings/integration/integration-settings.tsx'),
    'IntegrationSettings',
  ),
})

const defaultFields = createRoute({
  getParentRoute: () => settings,
  path: '/default-fields',
  component: lazyRouteComponent(
    () => import('../features/settings/default-fields/default-fields.tsx'),
    'DefaultFields',
  ),
})

const entities = createRoute({
  getParentRoute: () => settings,
  path: '/entities',
  component: lazyRouteComponent(() => import('../features/settings/entities/entities.tsx'), 'Entities'),
})

const newEntity = createRoute({
  getParentRoute: () => settings,
  path: '/entities/new',
  component: lazyRouteComponent(() => import('../features/settings/entities/entity-pages.tsx'), 'NewEntity'),
})

const oneEntity = createRoute({
  getParentRoute: () => settings,
  path: '/entities/$entityTypeId',
  component: lazyRouteComponent(() => import('../features/settings/entities/entity-pages.tsx'), 'EditEntity'),
})

const exportFields = createRoute({
  getParentRoute: () => settings,
  path: '/export-fields',
  component: lazyRouteComponent(() => import('../features/settings/export-fields/export-fields.tsx'), 'ExportFields'),
})

const newExportField = createRoute({
  getParentRoute: () => settings,
  path: '/export-fields/new',
  component: lazyRouteComponent(() => import('../features/settings/export-fields/export-form.tsx'), 'NewExportField'),
})

const editExportField = createRoute({
  getParentRoute: () => settings,
  path: '/export-fields/$fieldId',
  component: lazyRouteComponent(() => import('../features/settings/export-fields/export-form.tsx'), 'EditExportField'),
})

const searchFields = createRoute({
  getParentRoute: () => settings,
  path: '/search-fields',
  component: lazyRouteComponent(() => import('../features/settings/shown-fields/search-fields.tsx'), 'SearchFields'),
})

const newSearchField = createRoute({
  getParentRoute: () => settings,
  path: '/search-fields/new',
  component: lazyRouteComponent(() => import('../features/settings/shown-fields/search-fields.tsx'), 'NewSearchField'),
})

const oneSearchField = createRoute({
  getParentRoute: () => settings,
  path: '/search-fields/$fieldId',
  component: lazyRouteComponent(() => import('../features/settings/shown-fields/search-fields.tsx'), 'EditSearchField'),
})

const detailFields = createRoute({
  getParentRoute: () => settings,
  path: '/detail-fields',
  component: lazyRouteComponent(() => import('../features/settings/shown-fields/detail-fields.tsx'), 'DetailFields'),
})

const newDetailField = createRoute({
  getParentRoute: () => settings,
  path: '/detail-fields/new',
  component: lazyRouteComponent(() => import('../features/settings/shown-fields/detail-fields.tsx'), 'NewDetailField'),
})

const oneDetailField = createRoute({
  getParentRoute: () => settings,
  path: '/detail-fields/$fieldId',
  component: lazyRouteComponent(() => import('../features/settings/shown-fields/detail-fields.tsx'), 'EditDetailField'),
})

const backendFields = createRoute({
  getParentRoute: () => settings,
  path: '/backend-fields',
  component: lazyRouteComponent(
    () => import('../features/settings/backend-fields/backend-fields.tsx'),
    'BackendFields',
  ),
})

const newBackendField = createRoute({
  getParentRoute: () => settings,
  path: '/backend-fields/new',
  component: lazyRouteComponent(
    () => import('../features/settings/backend-fields/backend-form.tsx'),
    'NewBackendField',
  ),
})

const editBackendField = createRoute({
  getParentRoute: () => settings,
  path: '/backend-fields/$fieldId',
  component: lazyRouteComponent(
    () => import('../features/settings/backend-fields/backend-form.tsx'),
    'EditBackendField',
  ),
})

const history = createRoute({
  getParentRoute: () => settings,
  path: '/history',
  component: lazyRouteComponent(() => import('../features/settings/history/history.tsx'), 'History'),
})

const document = createRoute({
  getParentRoute: () => settings,
  path: '/document',
  component: lazyRouteComponent(() => import('../features/settings/document/document-page.tsx'), 'DocumentPage'),
})

const pushes = createRoute({
  getParentRoute: () => signedIn,
  path: '/pushes',
  validateSearch: readPushSearch,
  component: lazyRouteComponent(() => import('../features/pushes/pushes-page.tsx'), 'PushesPage'),
})

const conversations = createRoute({
  getParentRoute: () => signedIn,
  path: '/conversations',
  validateSearch: readConversationSearch,
  component: lazyRouteComponent(() => import('../features/conversations/conversations-page.tsx'), 'ConversationsPage'),
})

const push = createRoute({
  getParentRoute: () => signedIn,
  path: '/pushes/$pushId',
  component: lazyRouteComponent(() => import('../features/pushes/push-page.tsx'), 'PushPage'),
})

const conversation = createRoute({
  getParentRoute: () => signedIn,
  path: '/conversations/$conversationId',
  component: lazyRouteComponent(() => import('../features/conversations/conversation-page.tsx'), 'ConversationPage'),
})

const apiKeys = createRoute({
  getParentRoute: () => signedIn,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('../features/access/api-keys-page.tsx'), 'ApiKeysPage'),
})

const developers = createRoute({
  getParentRoute: () => signedIn,
  path: '/developers',
  component: lazyRouteComponent(() => import('../features/access/developers-page.tsx'), 'DevelopersPage'),
})

const members = createRoute({
  getParentRoute: () => signedIn,
  path: '/members',
  component: lazyRouteComponent(() => import('../features/members/members-page.tsx'), 'MembersPage'),
})

const workspace = createRoute({
  getParentRoute: () => signedIn,
  path: '/workspace',
  component: lazyRouteComponent(() => import('../features/workspace/workspace-page.tsx'), 'WorkspacePage'),
})

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  validateSearch: ({ changed }: Record<string, unknown>): { changed?: 'password' } =>
    changed === 'password' ? { changed } : {},
  component: lazyRouteComponent(() => import('../features/account/account-page.tsx'), 'AccountPage'),
})

const nowhere = createRoute({ getParentRoute: () => signedIn, path: '$', component: NotFoundPage })

const basepath = '/admin'

export const router = createRouter({
  basepath,
  routeTree: root.addChildren([
    signIn,
    firstRun,
    join,
    signedIn.addChildren([
      home,
      integrations,
      settings.addChildren([
        settingsHome,
        integrationSettings,
        defaultFields,
        entities,
        newEntity,
        oneEntity,
        exportFields,
        newExportField,
        editExportField,
        searchFields,
        newSearchField,
        oneSearchField,
        detailFields,
        newDetailField,
        oneDetailField,
        backendFields,
        newBackendField,
        editBackendField,
        history,
        document,
      ]),
      pushes,
      push,
      conversations,
      conversation,
      apiKeys,
      developers,
      members,
      workspace,
      account,
      nowhere,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: Waiting,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** Leaves for the sign-in page, which comes back to where one is now. */
export function goToSignIn(): void {
  const { pathname, search } = window.location
  const next = pathname.slice(basepath.length)
  if (next === '/sign-in') return
  const ended = hadSession() ? { ended: true as const } : {}
  void router.navigate({ to: '/sign-in', search: { next: next + search, ...ended }, replace: true })
}
