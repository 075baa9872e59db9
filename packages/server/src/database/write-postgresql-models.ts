/** Writes what Prisma makes the client for PostgreSQL from. `npm run generate` runs it before Prisma. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageDirectory } from '../shared/package-directory.ts'
import { toPostgresqlModels } from './postgresql-models.ts'

const directory = join(packageDirectory, 'src/generated/postgresql')
const models = await readFile(join(packageDirectory, 'prisma/schema.prisma'), 'utf8')
await mkdir(directory, { recursive: true })
await writeFile(join(directory, 'schema.prisma'), toPostgresqlModels(models))
