import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runNode } from './run.mjs'
import { whenChanged } from './stamp.mjs'
import { commandOf, root } from './workspace.mjs'

/** @param {string[]} args */
async function prisma(args) {
  await runNode(commandOf('packages/server', 'prisma'), args, {
    cwd: join(root, 'packages/server'),
    // Prisma would download a native engine that nothing here uses; any existing file stops it from looking for one.
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  })
}

/**
 * Of what Prisma makes for PostgreSQL only the class is kept: its types are those of the client for SQLite, so that there
 * is one kind of client (docs/decisions/0015-two-databases-from-one-model.md).
 */
async function generatePostgresqlClient() {
  const made = join(root, 'packages/server/src/generated/postgresql')
  await runNode(commandOf('.', 'tsx'), ['src/database/write-postgresql-models.ts'], {
    cwd: join(root, 'packages/server'),
  })
  await prisma(['generate', '--schema', join(made, 'schema.prisma')])
  const text = readFileSync(join(made, 'client/internal/class.ts'), 'utf8')
  const types = 'import type * as Prisma from "./prismaNamespace.ts"'
  if (!text.includes(types)) throw new Error("Prisma's client has another form now: see generatePostgresqlClient")
  writeFileSync(
    join(made, 'class.ts'),
    text.replace(types, 'import type * as Prisma from "../prisma/internal/prismaNamespace.ts"'),
  )
  rmSync(join(made, 'client'), { recursive: true })
}

/** Makes the Prisma clients for both databases and the Pothos types from the models, unless they are there. */
async function generateDatabaseClient() {
  const generated = 'packages/server/src/generated'
  await whenChanged(
    {
      name: 'generate-database-client',
      inputs: [
        'packages/server/prisma',
        'packages/server/prisma.config.ts',
        'packages/server/src/database/postgresql-models.ts',
        'packages/server/src/database/write-postgresql-models.ts',
        'scripts/steps/generate.mjs',
        'pnpm-lock.yaml',
      ],
      outputs: [`${generated}/prisma/client.ts`, `${generated}/pothos.ts`, `${generated}/postgresql/class.ts`],
    },
    async () => {
      console.log('Generating the database client')
      await prisma(['generate'])
      await generatePostgresqlClient()
    },
  )
}

/** Prints the API's schema and who may ask for what of it; both are committed. */
async function generateSchema() {
  await whenChanged(
    {
      name: 'generate-schema',
      // The printed files too: where somebody edits one, it is printed again.
      inputs: ['packages/server', 'packages/providers', 'docs/access.md', 'pnpm-lock.yaml'],
      outputs: ['packages/server/schema.graphql', 'docs/access.md'],
    },
    async () => {
      console.log('Printing the schema of the API')
      await runNode(commandOf('.', 'tsx'), ['src/print-schema.ts'], { cwd: join(root, 'packages/server') })
    },
  )
}

/** Makes the admin app's typed documents, which also checks every operation against the schema. */
async function generateDocuments() {
  await whenChanged(
    {
      name: 'generate-documents',
      inputs: ['packages/server/schema.graphql', 'packages/admin/src', 'packages/admin/codegen.ts', 'pnpm-lock.yaml'],
      outputs: ['packages/admin/src/graphql/generated'],
    },
    async () => {
      console.log('Generating the typed GraphQL documents')
      await runNode(
        commandOf('packages/admin', '@graphql-codegen/cli', 'graphql-codegen'),
        ['--config', 'codegen.ts'],
        {
          cwd: join(root, 'packages/admin'),
        },
      )
    },
  )
}

/**
 * What running the sources needs. The schema is not among it: were it printed here, no test would ever see that the
 * committed one is out of date.
 */
export async function generate() {
  await generateDatabaseClient()
  await generateDocuments()
}

/** All that is generated, the committed schema included. */
export async function generateAll() {
  await generateDatabaseClient()
  await generateSchema()
  await generateDocuments()
}
