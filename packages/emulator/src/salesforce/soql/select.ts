import type { FieldType as Selected } from '@jetstreamapp/soql-parser-js'
import type { Row } from '../../store.ts'
import { refused } from '../errors.ts'
import type { FieldDefinition } from '../metadata/definition.ts'
import type { Schema, SObject } from '../metadata/schema.ts'
import { labelReader } from './comparison.ts'
import { noSuchColumn, type QueryContext, type Reader, rowOfId, type Source } from './context.ts'
import { isPolymorphic, nameField, noSuchRelationship, resolvePath, segmentsOf } from './path.ts'

/** One member of an answered record. */
interface Member {
  key: string
  reader(context: QueryContext): Reader
}

/** What a `SELECT` list makes of a row. */
export interface Selection {
  /** Made once per run. */
  projector(context: QueryContext): (row: Row) => Record<string, unknown>
  /** Long text is among the columns: pages are smaller then. */
  hasLongText: boolean
}

/** Compiles a child subquery for the relationship of that name. */
export type CompileChildren = (selected: Extract<Selected, { type: 'FieldSubquery' }>) => Member

/** Fields of one parent, gathered from all over the list. */
interface ParentNode {
  lookup: FieldDefinition
  object: SObject | null
  members: Map<string, Member | ParentNode>
}

/** Compiles the columns of a statement that is not an aggregate. */
export function compileSelection(
  selected: readonly Selected[],
  object: SObject,
  schema: Schema,
  source: Source,
  compileChildren: CompileChildren,
): Selection {
  const members = new Map<string, Member | ParentNode>()
  let hasLongText = false

  function add(into: Map<string, Member | ParentNode>, key: string, member: Member) {
    if (into.has(key)) throw refused('MALFORMED_QUERY', `duplicate field selected: ${key}`)
    into.set(key, member)
  }

  function addPath(text: string, alias?: string) {
    const path = resolvePath(text, object, schema, source)
    hasLongText ||= path.field.type === 'textarea' && path.field.length > 255
    const segments = segmentsOf(text, object, source)
    let node = members
    let current: SObject | null = object
    for (const segment of segments.slice(0, -1)) {
      const lookup: FieldDefinition | undefined = current?.relationshipNamed(segment)
      if (!lookup?.relationshipName) throw noSuchRelationship(segment)
      const parent: SObject | null = isPolymorphic(lookup)
        ? null
        : (schema.objectNamed(lookup.referenceTo[0] ?? '') ?? null)
      const found = node.get(lookup.relationshipName)
      const next: ParentNode = found && 'members' in found ? found : { lookup, object: parent, members: new Map() }
      node.set(lookup.relationshipName, next)
      node = next.members
      current = parent
    }
    const name = path.field.name
    const isType = current === null && name === 'Type'
    const read: Reader = isType ? (row) => row.__type ?? null : (row) => row[name] ?? null
    add(node, alias ?? name, { key: alias ?? name, reader: () => read })
  }

  for (const one of selected) {
    switch (one.type) {
      case 'Field':
        addPath(one.field)
        break
      case 'FieldRelationship':
        addPath([...one.relationships, one.field].join('.'))
        break
      case 'FieldSubquery': {
        const member = compileChildren(one)
        add(members, member.key, member)
        break
      }
      case 'FieldTypeof': {
        const member = compileTypeOf(one, object, schema, source)
        add(members, member.key, member)
        break
      }
      case 'FieldFunctionExpression': {
        if (one.functionName.toUpperCase() === 'FIELDS') {
          for (const name of fieldsOf(fieldsKind(one), object)) addPath(name)
        } else {
          const member = compileFunction(one, object, schema, source)
          add(members, member.key, member)
        }
      }
    }
  }
  return { projector: (context) => projectorOf(object, members, context), hasLongText }
}

function projectorOf(object: SObject, members: Map<string, Member | ParentNode>, context: QueryContext) {
  const readers = readersOf(members, context)
  const base = `/services/data/${context.version}/sobjects/${object.name}/`
  return (row: Row) => {
    const record: Record<string, unknown> = { attributes: { type: object.name, url: base + String(row.Id) } }
    for (const [key, read] of readers) record[key] = read(row)
    return record
  }
}

function readersOf(members: Map<string, Member | ParentNode>, context: QueryContext): [string, Reader][] {
  return [...members].map(([key, member]) => [
    key,
    'members' in member ? parentReader(member, context) : member.reader(context),
  ])
}

function parentReader({ lookup, object, members }: ParentNode, context: QueryContext): Reader {
  if (object) {
    const project = projectorOf(object, members, context)
    return (row) => {
      const parent = rowOfId(context, row[lookup.name])
      return parent ? project(parent) : null
    }
  }
  const readers = readersOf(members, context)
  return (row) => {
    const parent = rowOfId(context, row[lookup.name])
    if (!parent) return null
    const type = context.schema.objectOfId(String(parent.Id))?.name ?? ''
    const record: Record<string, unknown> = {
      attributes: { type: 'Name', url: `/services/data/${context.version}/sobjects/${type}/${String(parent.Id)}` },
    }
    for (const [key, read] of readers) record[key] = read(key === 'Type' ? { __type: type } : parent)
    return record
  }
}

function compileFunction(
  call: Extract<Selected, { type: 'FieldFunctionExpression' }>,
  object: SObject,
  schema: Schema,
  source: Source,
): Member {
  const [argument] = call.parameters
  const name = call.functionName.toUpperCase()
  if (typeof argument !== 'string' || (name !== 'TOLABEL' && name !== 'FORMAT')) {
    throw refused('MALFORMED_QUERY', `unexpected token: '${call.functionName}'`)
  }
  const path = resolvePath(argument, object, schema, source)
  if (name === 'TOLABEL') return { key: call.alias ?? path.field.name, reader: (context) => labelReader(path, context) }
  return {
    key: call.alias ?? path.field.name,
    reader(context) {
      const read = path.reader(context)
      return (row) => {
        const value = read(row)
        return typeof value === 'number' ? value.toLocaleString('en-US') : value
      }
    },
  }
}

/** `TYPEOF What WHEN Account THEN Phone ELSE Name END`. */
function compileTypeOf(
  selected: Extract<Selected, { type: 'FieldTypeof' }>,
  object: SObject,
  schema: Schema,
  source: Source,
): Member {
  const lookup = object.relationshipNamed(selected.field)
  if (!lookup?.relationshipName || !isPolymorphic(lookup)) throw noSuchRelationship(selected.field)
  const branches = selected.conditions.map((condition) => {
    const target = condition.objectType === undefined ? null : schema.objectNamed(condition.objectType)
    if (target === undefined) throw noSuchRelationship(condition.objectType ?? '')
    const fields = condition.fieldList.map((name) => {
      const found = target ? target.fieldNamed(name) : nameField(name)
      if (!found) throw noSuchColumn(source, name, target ?? object)
      return found.name
    })
    return { type: target?.name ?? null, fields }
  })
  return {
    key: lookup.relationshipName,
    reader: (context) => (row) => {
      const parent = rowOfId(context, row[lookup.name])
      const type = parent && context.schema.objectOfId(String(parent.Id))?.name
      const branch = branches.find((one) => one.type === type) ?? branches.find((one) => one.type === null)
      if (!parent || !type) return null
      const record: Record<string, unknown> = {
        attributes: { type, url: `/services/data/${context.version}/sobjects/${type}/${String(parent.Id)}` },
      }
      for (const name of branch?.fields ?? []) record[name] = (name === 'Type' ? type : parent[name]) ?? null
      return record
    },
  }
}

/** `ALL`, `STANDARD` or `CUSTOM` of `FIELDS(…)`. */
export function fieldsKind({ parameters }: Extract<Selected, { type: 'FieldFunctionExpression' }>): string {
  const [kind] = parameters
  return typeof kind === 'string' ? kind.toUpperCase() : ''
}

function fieldsOf(kind: string, object: SObject): string[] {
  return object.fields.filter((one) => kind === 'ALL' || (kind === 'CUSTOM') === one.custom).map((one) => one.name)
}
