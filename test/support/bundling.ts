import type { BuildOptions } from 'esbuild'

/** How test entries become files that Node starts without a loader: as the server's own bundle, split where it loads later. */
export const bundling = {
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  external: ['better-sqlite3'],
  banner: { js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);" },
  logLevel: 'warning',
} satisfies BuildOptions
