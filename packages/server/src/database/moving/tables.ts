/** All that is kept, table by table, as the models say it. Pure. */
import { getDatamodel } from '../../generated/pothos.ts'

export interface Table {
  /** The model, which is also the name of its table. */
  readonly name: string
  /** The columns that make a row the one that it is; rows are in their order. */
  readonly key: readonly string[]
  readonly columns: readonly { readonly name: string; readonly isJson: boolean }[]
}

interface Model {
  readonly fields: readonly {
    readonly name: string
    readonly kind: string
    readonly type: string
    readonly isId: boolean
    readonly relationFromFields?: readonly string[] | undefined
  }[]
  readonly primaryKey: { readonly fields: readonly string[] } | null
}

/**
 * Every table, each behind those that its rows point at: filled in this order, no row points nowhere.
 *
 * @throws Error where two tables point at each other
 */
export function allTables(): Table[] {
  const models = new Map<string, Model>(Object.entries(getDatamodel().datamodel.models))
  const placed = new Set<string>()
  while (placed.size < models.size) {
    const free = [...models].filter(
      ([name, model]) => !placed.has(name) && parentsOf(model).every((it) => placed.has(it)),
    )
    if (free.length === 0) throw new Error('Tables that point at each other cannot be filled one after another')
    for (const [name] of free) placed.add(name)
  }
  return [...placed].flatMap((name) => {
    const model = models.get(name)
    return model ? [tableOf(name, model)] : []
  })
}

function parentsOf({ fields }: Model): string[] {
  return fields.filter(({ relationFromFields }) => (relationFromFields ?? []).length > 0).map(({ type }) => type)
}

function tableOf(name: string, { fields, primaryKey }: Model): Table {
  return {
    name,
    key: primaryKey?.fields ?? fields.filter(({ isId }) => isId).map((field) => field.name),
    columns: fields
      .filter(({ kind }) => kind !== 'object')
      .map((field) => ({ name: field.name, isJson: field.type === 'Json' })),
  }
}
