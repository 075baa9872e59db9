import { refused } from '../errors.ts'
import { type FieldDefinition, field } from '../metadata/definition.ts'
import type { Schema, SObject } from '../metadata/schema.ts'
import { noSuchColumn, type QueryContext, type Reader, rowOfId, type Source } from './context.ts'

/** A field that a statement names, on the queried object or up to five lookups above it. */
export interface FieldPath {
  field: FieldDefinition
  /** The lookups on the way, from the queried object upwards. */
  lookups: FieldDefinition[]
  reader(context: QueryContext): Reader
}

const maxLevels = 5

/** What every target of a polymorphic lookup has, under the pseudo-object `Name`. */
const nameFields = new Map(
  [
    field('id', 'Id', 'Id'),
    field('string', 'Name', 'Name'),
    field('picklist', 'Type', 'Type'),
    field('string', 'FirstName', 'First Name'),
    field('string', 'LastName', 'Last Name'),
    field('email', 'Email', 'Email'),
    field('phone', 'Phone', 'Phone'),
    field('string', 'Title', 'Title'),
    field('boolean', 'IsActive', 'Active'),
  ].map((each) => [each.name.toLowerCase(), each]),
)

/** The segments of a path without the alias or the object's own name before them. */
export function segmentsOf(path: string, object: SObject, source: Source): string[] {
  const segments = path.split('.')
  const first = segments[0]?.toLowerCase()
  const isOwnName = first === source.alias?.toLowerCase() || first === object.name.toLowerCase()
  return segments.length > 1 && isOwnName && !object.relationshipNamed(first ?? '') ? segments.slice(1) : segments
}

/** Finds the field; refuses unknown columns and relationships as Salesforce does. */
export function resolvePath(path: string, object: SObject, schema: Schema, source: Source): FieldPath {
  const segments = segmentsOf(path, object, source)
  if (segments.length > maxLevels + 1) {
    throw refused('INVALID_FIELD', `SELECT relationship path '${path}' exceeds the maximum of ${maxLevels} levels`)
  }
  const lookups: FieldDefinition[] = []
  let current: SObject = object
  for (const [index, segment] of segments.slice(0, -1).entries()) {
    const lookup = current.relationshipNamed(segment)
    if (!lookup) throw noSuchRelationship(segment)
    lookups.push(lookup)
    if (isPolymorphic(lookup)) return polymorphicPath(path, lookups, segments.slice(index + 1), current, source)
    const parent = schema.objectNamed(lookup.referenceTo[0] ?? '')
    if (!parent) throw noSuchRelationship(segment)
    current = parent
  }
  const name = segments.at(-1) ?? ''
  const found = current.fieldNamed(name)
  if (!found) throw noSuchColumn(source, path, current, name)
  return {
    field: found,
    lookups,
    reader: (context) => readerThrough(lookups, (row) => row[found.name] ?? null, context),
  }
}

export function isPolymorphic(lookup: FieldDefinition): boolean {
  return lookup.referenceTo.length > 1
}

/** A field of the pseudo-object `Name`. */
export function nameField(name: string): FieldDefinition | undefined {
  return nameFields.get(name.toLowerCase())
}

export function noSuchRelationship(name: string) {
  return refused(
    'INVALID_FIELD',
    `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
  )
}

function polymorphicPath(
  path: string,
  lookups: FieldDefinition[],
  rest: string[],
  object: SObject,
  source: Source,
): FieldPath {
  const name = rest[0] ?? ''
  const found = rest.length === 1 ? nameField(name) : undefined
  if (!found) throw noSuchColumn(source, path, object, name)
  return {
    field: found,
    lookups,
    reader: (context) =>
      readerThrough(
        lookups,
        (row) => (found.name === 'Type' ? context.schema.objectOfId(String(row.Id))?.name : row[found.name]) ?? null,
        context,
      ),
  }
}

function readerThrough(lookups: readonly FieldDefinition[], read: Reader, context: QueryContext): Reader {
  if (lookups.length === 0) return read
  return (row) => {
    let current = row
    for (const lookup of lookups) {
      const parent = rowOfId(context, current[lookup.name])
      if (!parent) return null
      current = parent
    }
    return read(current)
  }
}
