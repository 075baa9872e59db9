import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { breakRule } from './scripts/steps/broken-rules.mjs'
import { onPostgresql } from './scripts/steps/on-postgresql.mjs'
import { SlowestFirst } from './scripts/steps/slowest-first.mjs'

/** Vite would take graphql's other build than Node does for its packages, and one realm does not know the other's types. */
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] }

/** What is waited for comes at once; on a busy machine much later. None of these limits says how quick anything is. */
const patient = { testTimeout: 60_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000 } } }

/** Files that one process runs share the modules that they load, which cost more than most tests: none may change one. */
const sharing = { isolate: false }

/** The same tests on the other database: those that most depend on it or, where `npm run test:postgresql` asks, all. */
const postgresql = onPostgresql()
const testing = join(import.meta.dirname, 'packages/server/src/testing')
const withPostgresql = {
  globalSetup: join(testing, 'postgresql-setup.ts'),
  setupFiles: join(testing, 'on-postgresql.ts'),
  ...patient,
}

const buildServer = join(import.meta.dirname, 'test/support/build-server.ts')

/** Unit tests lie beside the code they test; `test/` holds what crosses packages. One command runs all of them. */
export default defineConfig({
  test: {
    // One for each core: many tests wait more than they work.
    maxWorkers: Math.max(2, availableParallelism()),
    sequence: { sequencer: SlowestFirst },
    projects: [
      ...['providers', 'emulator', 'server'].map((name) => ({
        resolve,
        test: {
          name,
          root: `packages/${name}`,
          include: ['src/**/*.test.ts'],
          exclude: ['src/**/*.postgresql.test.ts'],
          ...patient,
          ...sharing,
        },
      })),
      {
        resolve,
        test: {
          name: 'server-on-postgresql',
          root: 'packages/server',
          ...postgresql.server,
          ...withPostgresql,
          ...sharing,
        },
      },
      {
        resolve,
        test: {
          name: 'whole-on-postgresql',
          root: 'test',
          ...postgresql.whole,
          ...withPostgresql,
          globalSetup: [withPostgresql.globalSetup, buildServer],
          ...sharing,
        },
      },
      {
        resolve,
        test: { name: 'admin', root: 'packages/admin', include: ['src/**/*.test.{ts,tsx}'], ...patient },
      },
      {
        resolve,
        // `npm run features -- --prove` breaks a rule in the code, to see that its tests notice.
        plugins: breakRule(),
        test: {
          name: 'whole',
          root: 'test',
          include: ['**/*.test.ts'],
          exclude: ['start/**', '**/node_modules/**'],
          globalSetup: buildServer,
          ...patient,
          ...sharing,
        },
      },
      {
        resolve,
        // After all others: they measure how long a start takes, and start and kill whole groups of processes.
        test: {
          name: 'start',
          root: 'test/start',
          include: ['**/*.test.ts'],
          ...patient,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
