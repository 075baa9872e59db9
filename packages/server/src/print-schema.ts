/**
 * Prints the schema to `schema.graphql` and who may ask for what of it to `docs/access.md`. Both are committed: clients are
 * written against them.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { accessPage } from './access/page.ts'
import { rulesOf } from './access/schema-rules.ts'
import { schema } from './schema.ts'
import { workspaceDirectory } from './shared/package-directory.ts'

export const schemaFile = join(import.meta.dirname, '../schema.graphql')

export const printedSchema = () => `${printSchema(lexicographicSortSchema(schema))}\n`

export const accessFile = join(workspaceDirectory, 'docs/access.md')

export const printedAccess = () => accessPage(rulesOf(schema))

if (import.meta.filename === process.argv[1]) {
  writeFileSync(schemaFile, printedSchema())
  writeFileSync(accessFile, printedAccess())
}
