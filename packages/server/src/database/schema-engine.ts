import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'

type Bindings = typeof import('@prisma/schema-engine-wasm/schema_engine_bg')

/** Node has it; neither TypeScript's plain libraries nor Node's types of this line declare it. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>
}

const BINDINGS = '@prisma/schema-engine-wasm/schema_engine_bg'
let bindings: Promise<Bindings> | undefined

/** All that the engine must know of a schema before it is asked for anything: which database it speaks to. */
const datamodelFor = (provider: string) => `datasource db {\n  provider = "${provider}"\n}\n`

/** Runs Prisma's own migration engine, a WebAssembly module of about 3 MB: loaded on first use, never downloaded. */
export async function withSchemaEngine<T>(
  factory: SqlMigrationAwareDriverAdapterFactory,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  bindings ??= loadBindings()
  const { SchemaEngine } = await bindings
  const engine = await SchemaEngine.new(
    { datamodels: [['schema.prisma', datamodelFor(factory.provider)]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  )
  try {
    return await work(engine)
  } finally {
    engine.free()
  }
}

/**
 * The package's main entry imports its `.wasm` file as a module, which Node 20 cannot: the module is made here and handed
 * to the bindings, as that entry would do.
 */
async function loadBindings(): Promise<Bindings> {
  const script = createRequire(import.meta.url).resolve(BINDINGS)
  const [loaded, bytes] = await Promise.all([
    import('@prisma/schema-engine-wasm/schema_engine_bg'),
    readFile(script.replace(/\.js$/, '.wasm')),
  ])
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': loaded })
  loaded.__wbg_set_wasm(instance.exports)
  const start = instance.exports['__wbindgen_start']
  if (typeof start !== 'function') throw new Error(`${BINDINGS} has changed: it offers no __wbindgen_start`)
  start()
  return loaded
}
