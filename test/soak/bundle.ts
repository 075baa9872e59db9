/** Bundles the processes of a run from the sources as they are: they start in a fraction of the time, again and again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { bundling } from '../support/bundling.ts'

const root = join(import.meta.dirname, '../..')

const entries = {
  worker: join(root, 'packages/server/src/worker-main.ts'),
  plainCreates: join(import.meta.dirname, 'worker-of-plain-creates.ts'),
  killPoint: join(import.meta.dirname, 'worker-with-kill-point.ts'),
  intake: join(import.meta.dirname, 'intake-with-kill-point.ts'),
} as const

export type Entry = keyof typeof entries

export interface Bundles {
  /** The file to start. */
  of(entry: Entry): string
  remove(): Promise<void>
}

export async function bundle(): Promise<Bundles> {
  // Beside the packages whose native modules they load.
  const outdir = await mkdtemp(join(root, 'packages/server/node_modules/.soak-'))
  await build({
    ...bundling,
    entryPoints: entries,
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
  })
  return {
    of: (entry) => join(outdir, `${entry}.js`),
    remove: () => rm(outdir, { recursive: true, force: true }),
  }
}
