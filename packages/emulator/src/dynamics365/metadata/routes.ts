/** `EntityDefinitions…` and `GlobalOptionSetDefinitions…`. Nothing here is paged. */
import type { EmulatorResponse } from '../../http.ts'
import { type Call, odataResponse } from '../call.ts'
import { DataverseError, methodNotAllowed, segmentNotFound } from '../errors.ts'
import type { Org } from '../org.ts'
import { readPreferences } from '../preferences.ts'
import { readOptions } from '../read/options.ts'
import { splitKey } from '../write/key.ts'
import { describeEntity } from './describe.ts'
import type { MetadataItem } from './item.ts'
import { optionSetsOf } from './option-sets.ts'
import { filterItems, type MetadataQuery, showItem } from './query.ts'

const castPrefix = 'Microsoft.Dynamics.CRM.'

export function isMetadata(segment: string): boolean {
  return /^(EntityDefinitions|GlobalOptionSetDefinitions)(\(|$)/.test(segment)
}

/** Where a path has led so far. */
type Found =
  | { kind: 'list'; items: readonly MetadataItem[]; baseType?: string }
  | { kind: 'item'; item: MetadataItem; baseType?: string }
  | { kind: 'value'; value: unknown }

export function answerMetadata(call: Call, org: Org): EmulatorResponse {
  if (call.method !== 'GET') throw methodNotAllowed(call.method)
  const [first = '', ...rest] = call.segments
  let found = start(first, org)
  for (const segment of rest) found = step(found, segment)

  const options = readOptions(call.query)
  const address = `${call.root}/$metadata#${call.segments.join('/')}${options.select ? `(${options.select})` : ''}`
  const version = readPreferences(call.headers['prefer']).annotations.all
    ? { '@Microsoft.Dynamics.CRM.globalmetadataversion': String(org.control.metadata.length + 1) }
    : {}
  if (found.kind === 'value') return odataResponse(200, { '@odata.context': address, value: found.value })
  const query: MetadataQuery = { options, ...(found.baseType !== undefined && { baseType: found.baseType }) }
  if (found.kind === 'list') {
    const value = filterItems(found.items, query).map((item) => showItem(item, query))
    return odataResponse(200, { '@odata.context': address, ...version, value })
  }
  return odataResponse(200, { '@odata.context': `${address}/$entity`, ...version, ...showItem(found.item, query) })
}

function start(segment: string, org: Org): Found {
  const { name, key } = splitKey(segment) ?? { name: segment }
  if (name === 'GlobalOptionSetDefinitions') return pick(globalOptionSets(org), key, 'Name', undefined)
  const items = [...org.model().entities.values()].map(describeEntity)
  return pick(items, key, 'LogicalName', undefined)
}

/** A whole list, or the one item that a key names. */
function pick(
  items: readonly MetadataItem[],
  key: string | undefined,
  keyName: string,
  baseType: string | undefined,
): Found {
  const base = baseType === undefined ? {} : { baseType }
  if (key === undefined) return { kind: 'list', items, ...base }
  const byName = new RegExp(`^${keyName}='([^']*)'$`).exec(key)?.[1]
  const item = items.find(({ members }) =>
    byName === undefined ? members['MetadataId'] === key.toLowerCase() : members[keyName] === byName,
  )
  if (!item) throw notFound(byName ?? key, keyName)
  return { kind: 'item', item, ...base }
}

function notFound(name: string, keyName: string): DataverseError {
  return new DataverseError(
    404,
    '0x80060888',
    keyName === 'Name'
      ? 'Not Found'
      : `The entity or attribute with a name = '${name}' with namemapping = 'Logical' was not found in the MetadataCache.`,
  )
}

function step(found: Found, segment: string): Found {
  if (segment.startsWith(castPrefix)) return cast(found, segment.slice(castPrefix.length))
  if (found.kind !== 'item') throw segmentNotFound(segment)
  const { name, key } = splitKey(segment) ?? { name: segment }
  const { item } = found
  const value = item.expand?.(name)
  if (value === undefined) {
    if (!Object.hasOwn(item.members, name)) throw segmentNotFound(name)
    return { kind: 'value', value: item.members[name] }
  }
  if (Array.isArray(value))
    return pick(value, key, 'LogicalName', name === 'Attributes' ? 'AttributeMetadata' : undefined)
  if (!value) throw notFound(name, 'Name')
  return { kind: 'item', item: value }
}

/** Only types that columns have can be cast to: not the abstract `EnumAttributeMetadata`. */
function cast(found: Found, type: string): Found {
  if (found.kind === 'list' && /^\w+AttributeMetadata$/.test(type) && type !== 'EnumAttributeMetadata') {
    return { kind: 'list', items: found.items.filter((item) => item.type === type) }
  }
  if (found.kind === 'item' && found.item.type === type) return { kind: 'item', item: found.item }
  throw segmentNotFound(`${castPrefix}${type}`)
}

function globalOptionSets(org: Org): MetadataItem[] {
  const sets = new Map<unknown, MetadataItem>()
  for (const entity of org.model().entities.values()) {
    for (const attribute of entity.attributes.values()) {
      const set = optionSetsOf(attribute, entity)?.global
      if (set) sets.set(set.members['Name'], set)
    }
  }
  return [...sets.values()]
}
