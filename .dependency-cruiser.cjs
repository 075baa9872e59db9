/** The arrows of the workspace: which part may import which, one named rule with its reason each. */

const vendors = 'dynamics365|salesforce|memory'
const graphqlPackages = 'node_modules/(graphql|graphql-yoga|@pothos/[^/]+|@graphql-yoga/[^/]+|@envelop/[^/]+)/'
/** Under packages/server/src. */
const acrossWorkspaces = [
  'audit/(intents|store)',
  'crm-settings',
  'erasure/store',
  'events/store',
  'integrations/(session|sign-in)-store',
  'matching/look-up-store',
  'members/(company-)?store',
  'move-to-postgresql-main',
  'pushes/(claim|pause|queue|resume)-store',
  'secrets/(lasting-keys|rotation-store)',
  'telemetry/backlog-store',
  'upkeep/(far-times|prune-store|retention-store|visitor-keys-store)',
  'viewers/store',
  'workspaces/store',
]
const tests = String.raw`\.test\.tsx?$`

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Modules that need each other cannot be read, tested or moved one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      comment: 'An import that leads nowhere fails only when it runs.',
      severity: 'error',
      // Generated code imports the types of a package that holds nothing else.
      from: { pathNot: '^packages/admin/src/graphql/generated/' },
      to: { couldNotResolve: true, pathNot: '^(virtual:|vite/)' },
    },
    {
      name: 'declared-dependencies',
      comment: 'What a package imports stands in its own package.json, or it breaks when the neighbour lets go of it.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-tests-in-production',
      comment: 'Code that runs for users does not lean on test files.',
      severity: 'error',
      from: { path: '^packages/', pathNot: [tests, '/src/testing/'] },
      to: { path: [tests, '^test/', '/src/testing/'] },
    },
    {
      name: 'providers-stand-alone',
      comment: 'The CRM vendors know no GraphQL, no database and no other package of the workspace.',
      severity: 'error',
      from: { path: '^packages/providers/' },
      to: { path: ['^packages/(?!providers/)', '^test/', graphqlPackages, 'node_modules/(@prisma|better-sqlite3)/'] },
    },
    {
      name: 'emulator-stands-alone',
      comment: 'A stand-in that shares the code under test shares its faults.',
      severity: 'error',
      from: { path: '^packages/emulator/' },
      to: { path: ['^packages/(?!emulator/)', '^test/'] },
    },
    {
      name: 'admin-knows-only-the-schema',
      comment: 'The settings app knows the server through schema.graphql alone.',
      severity: 'error',
      from: { path: '^packages/admin/' },
      to: { path: ['^packages/(?!admin/)', '^test/'] },
    },
    {
      name: 'server-knows-only-providers',
      comment: 'The gateway does not know its clients or its stand-ins.',
      severity: 'error',
      from: { path: '^packages/server/' },
      to: { path: ['^packages/(emulator|admin)/', '^test/'] },
    },
    {
      name: 'providers-through-the-entry',
      comment: 'The server sees vendors through the public surface, so that a vendor can be rewritten behind it.',
      severity: 'error',
      from: { path: '^packages/server/' },
      to: { path: '^packages/providers/src/(?!(index|testing/index)\\.ts$)' },
    },
    {
      name: 'vendors-apart',
      comment: 'Each vendor is in one place and can be read, changed and removed alone.',
      severity: 'error',
      from: { path: `^packages/providers/src/(${vendors})/` },
      to: { path: `^packages/providers/src/(${vendors})/`, pathNot: '^packages/providers/src/$1/' },
    },
    {
      name: 'vendors-below-the-registry',
      comment: 'A vendor implements the contract; the list of vendors knows it, never the other way round.',
      severity: 'error',
      from: { path: `^packages/providers/src/(${vendors})/`, pathNot: tests },
      to: { path: '^packages/providers/src/(index|registry)\\.ts$' },
    },
    {
      name: 'vendors-only-in-the-registry',
      comment: 'The neutral half names no vendor; only the registry lists them.',
      severity: 'error',
      from: {
        path: '^packages/providers/src/',
        pathNot: [
          `^packages/providers/src/(${vendors}|testing)/`,
          '^packages/providers/src/(index|registry)\\.ts$',
          tests,
        ],
      },
      to: { path: `^packages/providers/src/(${vendors})/` },
    },
    {
      name: 'emulated-vendors-apart',
      comment: 'Each emulated CRM is in one place; what both need is the core of the emulator.',
      severity: 'error',
      from: { path: '^packages/emulator/src/(dynamics365|salesforce)/' },
      to: { path: '^packages/emulator/src/(dynamics365|salesforce)/', pathNot: '^packages/emulator/src/$1/' },
    },
    {
      name: 'services-without-graphql',
      comment: 'Use cases are the same whoever asks: GraphQL translates and delegates, and stays outside.',
      severity: 'error',
      from: { path: '^packages/server/src/.*(service|store)\\.ts$' },
      to: { path: [graphqlPackages, '^packages/server/src/.*schema\\.ts$', '^packages/server/src/builder\\.ts$'] },
    },
    {
      name: 'stores-reach-the-database',
      comment: 'Only stores speak to Prisma, so that every query takes its workspace and can be found.',
      severity: 'error',
      from: {
        path: '^packages/server/src/',
        pathNot: [
          'store\\.ts$',
          '^packages/server/src/(database|generated)/',
          '^packages/server/src/testing/full-database\\.ts$',
          '^packages/server/src/[^/]+\\.ts$',
          tests,
        ],
      },
      to: {
        path: ['^packages/server/src/generated/', 'node_modules/(@prisma|better-sqlite3)/'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'across-workspaces-by-name',
      comment:
        'What reaches the rows of all workspaces is listed here (docs/decisions/0013): the queue, the log of events, upkeep, and what finds out whose a credential is.',
      severity: 'error',
      from: {
        path: '^packages/server/src/',
        pathNot: [
          `^packages/server/src/(${acrossWorkspaces.join('|')})\\.ts$`,
          '^packages/server/src/(database|testing)/',
          tests,
        ],
      },
      to: { path: '^packages/server/src/database/workspace-guard\\.ts$' },
    },
    {
      name: 'schemas-ask-services',
      comment: 'A resolver delegates to its service; rules and queries do not live in the schema.',
      severity: 'error',
      from: { path: '^packages/server/src/[^/]+/schema\\.ts$' },
      to: { path: 'store\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shared-knows-no-domain',
      comment: 'What every domain uses depends on none of them.',
      severity: 'error',
      from: { path: '^packages/server/src/shared/' },
      to: { path: '^packages/server/src/(?!shared/)[^/]+/', pathNot: '^packages/server/src/generated/' },
    },
    {
      name: 'worker-without-graphql',
      comment: 'The push worker starts quickly and runs where no GraphQL is served.',
      severity: 'error',
      from: { path: '^packages/server/src/worker(-main|-process)?\\.ts$' },
      to: { path: graphqlPackages, reachable: true },
    },
    {
      name: 'admin-features-apart',
      comment: 'Features do not import one another; a route composes them.',
      severity: 'error',
      from: { path: '^packages/admin/src/features/([^/]+)/' },
      to: { path: '^packages/admin/src/features/([^/]+)/', pathNot: '^packages/admin/src/features/$1/' },
    },
    {
      name: 'admin-features-below-routes',
      comment: 'Code flows from ui and graphql through features to routes, never back.',
      severity: 'error',
      from: { path: '^packages/admin/src/features/' },
      to: { path: '^packages/admin/src/((main|app)\\.tsx?$|routes/)' },
    },
    {
      name: 'admin-ui-knows-no-graphql',
      comment: 'Buttons and form parts are drawn from their props.',
      severity: 'error',
      from: { path: '^packages/admin/src/ui/' },
      to: { path: ['^packages/admin/src/(?!ui/)', 'node_modules/(urql|@urql/core|graphql)/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
