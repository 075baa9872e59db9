import { join } from 'node:path'
import { runNode } from './run.mjs'
import { whenChanged } from './stamp.mjs'
import { commandOf, root } from './workspace.mjs'

/** Makes the Prisma client and the Pothos types from the models, unless they are there. */
async function generateDatabaseClient() {
  await whenChanged(
    {
      name: 'generate-database-client',
      inputs: ['packages/server/prisma', 'packages/server/prisma.config.ts', 'pnpm-lock.yaml'],
      outputs: ['packages/server/src/generated/prisma/client.ts', 'packages/server/src/generated/pothos.ts'],
    },
    async () => {
      console.log('Generating the database client')
      await runNode(commandOf('packages/server', 'prisma'), ['generate'], {
        cwd: join(root, 'packages/server'),
        // Prisma would download a native engine that nothing here uses; any existing file stops it from looking for one.
        env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
      })
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
