/** The addresses of an integration's settings: one for each section, and one for each row that is edited. */
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { signedIn } from './frame.tsx'

const layout = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/$integrationId',
  component: lazyRouteComponent(() => import('./settings-page.tsx'), 'SettingsPage'),
})

const settingsHome = createRoute({
  getParentRoute: () => layout,
  path: '/',
  beforeLoad: ({ params }) =>
    redirect({ to: '/settings/$integrationId/integration', params, replace: true, throw: true }),
})

const integrationSettings = createRoute({
  getParentRoute: () => layout,
  path: '/integration',
  component: lazyRouteComponent(
    () => import('../features/settings/integration/integration-settings.tsx'),
    'IntegrationSettings',
  ),
})

const defaultFields = createRoute({
  getParentRoute: () => layout,
  path: '/default-fields',
  component: lazyRouteComponent(
    () => import('../features/settings/default-fields/default-fields.tsx'),
    'DefaultFields',
  ),
})

const entities = createRoute({
  getParentRoute: () => layout,
  path: '/entities',
  component: lazyRouteComponent(() => import('../features/settings/entities/entities.tsx'), 'Entities'),
})

const newEntity = createRoute({
  getParentRoute: () => layout,
  path: '/entities/new',
  component: lazyRouteComponent(() => import('../features/settings/entities/entity-pages.tsx'), 'NewEntity'),
})

const oneEntity = createRoute({
  getParentRoute: () => layout,
  path: '/entities/$entityTypeId',
  component: lazyRouteComponent(() => import('../features/settings/entities/entity-pages.tsx'), 'EditEntity'),
})

const exportFields = createRoute({
  getParentRoute: () => layout,
  path: '/export-fields',
  component: lazyRouteComponent(() => import('../features/settings/written-fields/export-fields.tsx'), 'ExportFields'),
})

const newExportField = createRoute({
  getParentRoute: () => layout,
  path: '/export-fields/new',
  component: lazyRouteComponent(
    () => import('../features/settings/written-fields/export-fields.tsx'),
    'NewExportField',
  ),
})

const editExportField = createRoute({
  getParentRoute: () => layout,
  path: '/export-fields/$fieldId',
  component: lazyRouteComponent(
    () => import('../features/settings/written-fields/export-fields.tsx'),
    'EditExportField',
  ),
})

const searchFields = createRoute({
  getParentRoute: () => layout,
  path: '/search-fields',
  component: lazyRouteComponent(() => import('../features/settings/shown-fields/search-fields.tsx'), 'SearchFields'),
})

const newSearchField = createRoute({
  getParentRoute: () => layout,
  path: '/search-fields/new',
  component: lazyRouteComponent(() => import('../features/settings/shown-fields/search-fields.tsx'), 'NewSearchField'),
})

const oneSearchField = createRoute({
  getParentRoute: () => layout,
  path: '/search-fields/$fieldId',
  component: lazyRouteComponent(() => import('../features/settings/shown-fields/search-fields.tsx'), 'EditSearchField'),
})

const detailFields = createRoute({
  getParentRoute: () => layout,
  path: '/detail-fields',
  component: lazyRouteComponent(() => import('../features/settings/shown-fields/detail-fields.tsx'), 'DetailFields'),
})

const newDetailField = createRoute({
  getParentRoute: () => layout,
  path: '/detail-fields/new',
  component: lazyRouteComponent(() => import('../features/settings/shown-fields/detail-fields.tsx'), 'NewDetailField'),
})

const oneDetailField = createRoute({
  getParentRoute: () => layout,
  path: '/detail-fields/$fieldId',
  component: lazyRouteComponent(() => import('../features/settings/shown-fields/detail-fields.tsx'), 'EditDetailField'),
})

const backendFields = createRoute({
  getParentRoute: () => layout,
  path: '/backend-fields',
  component: lazyRouteComponent(
    () => import('../features/settings/written-fields/backend-fields.tsx'),
    'BackendFields',
  ),
})

const newBackendField = createRoute({
  getParentRoute: () => layout,
  path: '/backend-fields/new',
  component: lazyRouteComponent(
    () => import('../features/settings/written-fields/backend-fields.tsx'),
    'NewBackendField',
  ),
})

const editBackendField = createRoute({
  getParentRoute: () => layout,
  path: '/backend-fields/$fieldId',
  component: lazyRouteComponent(
    () => import('../features/settings/written-fields/backend-fields.tsx'),
    'EditBackendField',
  ),
})

const history = createRoute({
  getParentRoute: () => layout,
  path: '/history',
  component: lazyRouteComponent(() => import('../features/settings/history/history.tsx'), 'History'),
})

const document = createRoute({
  getParentRoute: () => layout,
  path: '/document',
  component: lazyRouteComponent(() => import('../features/settings/document/document-page.tsx'), 'DocumentPage'),
})

export const settings = layout.addChildren([
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
])
