import { defineConfig } from 'vitest/config'
import { breakRule } from './scripts/steps/broken-rules.mjs'

/** Vite would take graphql's other build than Node does for its packages, and one realm does not know the other's types. */
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] }

/** What is waited for comes at once; on a busy machine later. */
const expect = { poll: { timeout: 5_000 } }

/** Unit tests lie beside the code they test; `test/` holds what crosses packages. One command runs all of them. */
export default defineConfig({
  test: {
    projects: [
      ...['providers', 'emulator', 'server', 'admin'].map((name) => ({
        resolve,
        test: { name, root: `packages/${name}`, include: ['src/**/*.test.{ts,tsx}'], testTimeout: 10_000, expect },
      })),
      {
        resolve,
        // `npm run features -- --prove` breaks a rule in the code, to see that its tests notice.
        plugins: breakRule(),
        test: {
          name: 'whole',
          root: 'test',
          include: ['**/*.test.ts'],
          exclude: ['start/**', '**/node_modules/**'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          expect,
        },
      },
      {
        resolve,
        // After all others: they measure how long a start takes, and start and kill whole groups of processes.
        test: {
          name: 'start',
          root: 'test/start',
          include: ['**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
