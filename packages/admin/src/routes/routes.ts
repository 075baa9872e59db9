/** Every address of the app, and the page that stands there. A page is loaded when somebody first goes to it. */
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { readAuditSearch } from '../features/audit/audit-search.ts'
import { readConversationSearch } from '../features/conversations/conversation-search.ts'
import { readPushSearch } from '../features/pushes/push-search.ts'
import { hadSession } from '../features/sign-in/session.ts'
import { SignInPage } from '../features/sign-in/sign-in-page.tsx'
import { NotFoundPage } from '../ui/not-found-page.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { root, signedIn } from './frame.tsx'
import { settings } from './settings-routes.ts'

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (given: Record<string, unknown>): { next?: string; ended?: true; problem?: string } => ({
    ...(typeof given['next'] === 'string' && { next: given['next'] }),
    ...(given['ended'] === true && { ended: true }),
    ...(typeof given['problem'] === 'string' && { problem: given['problem'] }),
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

const audit = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('../features/audit/audit-page.tsx'), 'AuditPage'),
})

const workspace = createRoute({
  getParentRoute: () => signedIn,
  path: '/workspace',
  component: lazyRouteComponent(() => import('../features/workspace/workspace-page.tsx'), 'WorkspacePage'),
})

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  validateSearch: ({ changed }: Record<string, unknown>): { changed?: 'password' | 'second-factor' } =>
    changed === 'password' || changed === 'second-factor' ? { changed } : {},
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
      settings,
      pushes,
      push,
      conversations,
      conversation,
      apiKeys,
      developers,
      members,
      audit,
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
