/** A database in which every table of the models has rows, whatever tables there come to be. */
import { getDatamodel } from '../generated/pothos.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import * as enums from '../generated/prisma/enums.ts'

type Model = ReturnType<typeof getDatamodel>['datamodel']['models'][string]
type Field = Model['fields'][number]

/** Text in which something goes wrong where bytes, quotes or lines are not kept as they are. */
const TEXTS = [
  'plain',
  'Zoë 🦊 مرحبا',
  `'; DROP TABLE "Push"; -- \\ "`,
  'two\nlines\tand a tab',
  ' ends with a blank ',
  '',
  // Which PostgreSQL refuses, in texts as in JSON.
  'a \u0000 in it',
]
const NEVER = new Date('9999-01-01T00:00:00.000Z')

/**
 * @param tables in an order in which no row points at one that is not there yet
 * @param rows how many each table gets: the first of one point at the first of another
 */
export async function fillEveryTable(prisma: PrismaClient, tables: readonly string[], rows: number): Promise<void> {
  const { models } = getDatamodel().datamodel
  for (const table of tables) {
    const model = models[table]
    if (!model) throw new Error(`There is no model ${table}`)
    const data = Array.from({ length: rows }, (_, index) => rowOf(table, model, index))
    const create: unknown = Reflect.get(
      Reflect.get(prisma, table.charAt(0).toLowerCase() + table.slice(1)),
      'createMany',
    )
    if (typeof create !== 'function') throw new Error(`The client knows no ${table}`)
    await create({ data })
  }
}

function rowOf(table: string, model: Model, index: number): Record<string, unknown> {
  const parentOf = new Map(
    model.fields.flatMap(({ type, relationFromFields = [] }) =>
      relationFromFields.map((name) => [name, type] as const),
    ),
  )
  const written = model.fields
    .filter(({ kind }) => kind !== 'object')
    .filter((field) => field.isRequired || index % 3 > 0)
  return Object.fromEntries(
    written.map((field) => [field.name, valueFor(table, field, index, parentOf.get(field.name))]),
  )
}

function valueFor(table: string, { name, type, kind }: Field, index: number, parent: string | undefined): unknown {
  // Settings are pointed at by the integration that they are of.
  if (name === 'integrationId' && table !== 'Event') return keyOf('Integration', index)
  if (parent !== undefined) return keyOf(parent, index)
  if (kind === 'enum') return Object.values(Object(Reflect.get(enums, type)))[index % 2]
  if (type === 'Boolean') return index % 2 === 0
  // Past what 32 bits hold, as ids of events may get.
  if (type === 'Int') return name === 'id' ? 2 ** 31 - 2 + index : index
  if (type === 'DateTime')
    return index % 5 === 4 ? NEVER : new Date(Date.UTC(2026, 0, 1, 0, 0, index, (index * 7) % 1_000))
  if (type === 'Json') return { z: index, a: [TEXTS[index % TEXTS.length], null, 1.5], 10: true, 9: {} }
  if (name === 'id') return keyOf(table, index)
  // Unique by its number, whatever column it is in.
  return `${TEXTS[index % TEXTS.length]}${index}`
}

/** Small and great letters, so that the order of keys is not that of any language. */
const keyOf = (table: string, index: number) => `${index % 2 === 0 ? 'b' : 'C'}-${table}-${index}`
