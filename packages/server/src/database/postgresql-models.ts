/** The models of `schema.prisma` for PostgreSQL: one source, of which only what a provider decides differs. Pure. */

/**
 * A schema names one provider and what is generated from it, so PostgreSQL has a schema of its own, made from the other.
 * JSON is kept as it was written, as SQLite keeps it: `jsonb` would sort the keys of a settings document. Enums are kept as
 * text, as SQLite keeps them: they sort alike, and behind row-level security PostgreSQL searches no index by a type of ours.
 *
 * @param models the text of `schema.prisma`
 * @throws Error where the text has no `datasource db` for SQLite any more
 */
export function toPostgresqlModels(models: string): string {
  const ofProvider = models
    .replaceAll(/^generator \w+ \{[^}]*\}\n+/gm, '')
    .replace(/^datasource db \{\n {2}provider = "sqlite"\n\}$/m, HEAD)
  if (ofProvider === models || !ofProvider.includes(HEAD)) {
    throw new Error('schema.prisma names no SQLite datasource: see toPostgresqlModels')
  }
  return enumsAsText(ofProvider).replaceAll(/^( {2}\w+ +Json\??)(?=\s|$)/gm, '$1 @db.Json')
}

function enumsAsText(models: string): string {
  const block = /^enum (\w+) \{[^}]*\}\n+/gm
  const names = new Set([...models.matchAll(block)].map(([, name]) => name))
  return models
    .replaceAll(block, '')
    .replaceAll(/^( {2}\w+ +)(\w+)(.*)$/gm, (line, field: string, type: string, rest: string) =>
      names.has(type) ? `${field}String${rest.replace(/@default\((\w+)\)/, '@default("$1")')}` : line,
    )
}

/**
 * The same, for the columns: ids that count up may pass what PostgreSQL's `integer` holds, as they may with SQLite. The
 * client reads them as the numbers that they are.
 */
export const withWideColumns = (models: string): string =>
  models.replaceAll(/^( {2}id +)Int( +@id @default\(autoincrement\(\)\))/gm, '$1BigInt$2')

const HEAD = `generator client {
  provider               = "prisma-client"
  output                 = "./client"
  moduleFormat           = "esm"
  importFileExtension    = "ts"
  generatedFileExtension = "ts"
}

datasource db {
  provider = "postgresql"
}`
