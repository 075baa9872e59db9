import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { runNode } from './run.mjs'
import { whenChanged } from './stamp.mjs'
import { commandOf, root } from './workspace.mjs'

/**
 * CommonJS packages inside an ES module bundle still call `require` for Node's own modules.
 * The names are ours alone, so that they clash with nothing that a bundled package imports.
 */
const requireBanner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);"

/** What the server's bundle leaves to node_modules: a native module, and WebAssembly read from beside its package's JavaScript. */
export const besideTheBundle = ['better-sqlite3', '@prisma/schema-engine-wasm']

/**
 * Bundles the processes of a package into its dist folder; what is imported lazily stays in files of its own.
 *
 * @param {string} folder
 * @param {string[]} entries below src, without extension
 * @param {string[]} [external] packages that Node loads from node_modules
 */
async function bundle(folder, entries, external = []) {
  const { build, stop } = await import('esbuild')
  rmSync(join(root, folder, 'dist'), { recursive: true, force: true })
  await build({
    absWorkingDir: join(root, folder),
    entryPoints: entries.map((entry) => `src/${entry}.ts`),
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: true,
    sourcesContent: false,
    external,
    banner: { js: requireBanner },
    logLevel: 'warning',
  })
  // esbuild leaves a process behind, for builds that we do not make.
  await stop()
}

const shared = ['pnpm-lock.yaml', 'tsconfig.base.json', 'scripts/steps/build.mjs']

/** Builds what changed of the emulator, the server and the admin app. */
export async function build() {
  await whenChanged(
    { name: 'build-emulator', inputs: ['packages/emulator', ...shared], outputs: ['packages/emulator/dist/main.js'] },
    async () => {
      console.log('Building the emulator')
      await bundle('packages/emulator', ['main'])
    },
  )
  await buildServer()
  await whenChanged(
    {
      name: 'build-admin',
      inputs: ['packages/admin', 'packages/server/schema.graphql', ...shared],
      outputs: ['packages/admin/dist/index.html'],
    },
    async () => {
      console.log('Building the admin app')
      await runNode(commandOf('packages/admin', 'vite'), ['build'], { cwd: join(root, 'packages/admin') })
    },
  )
}

/** Builds the processes of the server, where they changed. */
export async function buildServer() {
  await whenChanged(
    {
      name: 'build-server',
      inputs: ['packages/server', 'packages/providers', ...shared],
      outputs: ['packages/server/dist/main.js'],
    },
    async () => {
      console.log('Building the server')
      await bundle(
        'packages/server',
        [
          ...['main', 'worker-main', 'operator-main', 'rotate-keys-main', 'move-to-postgresql-main'],
          ...['backup-main', 'restore-main'],
        ],
        besideTheBundle,
      )
    },
  )
}
