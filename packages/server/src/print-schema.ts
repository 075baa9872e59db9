/** Prints the schema to `schema.graphql`, which is committed: clients are written against it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from './schema.ts'

export const schemaFile = join(import.meta.dirname, '../schema.graphql')

export const printedSchema = () => `${printSchema(lexicographicSortSchema(schema))}\n`

if (import.meta.filename === process.argv[1]) writeFileSync(schemaFile, printedSchema())
