import { defineConfig } from 'vitest/config'

/** Unit tests lie beside the code they test; `test/` holds what crosses packages. One command runs all of them. */
export default defineConfig({
  test: {
    projects: [
      ...['providers', 'emulator', 'server', 'admin'].map((name) => ({
        test: { name, root: `packages/${name}`, include: ['src/**/*.test.{ts,tsx}'], testTimeout: 10_000 },
      })),
      {
        test: { name: 'whole', root: 'test', include: ['**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000 },
      },
    ],
  },
})
