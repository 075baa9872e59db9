/** Rows of Salesforce as neutral records. What to ask for and how to read it are decided together, once per query. */
import { ProviderError } from '../errors.ts'
import type { CrmRecord, FieldDescriptor, NamedReference, RecordFieldValue, RecordSelection } from '../model/index.ts'
import type { Row } from './client.ts'
import { kindOf } from './entities.ts'
import type { ObjectMetadata } from './metadata.ts'

/** How one object's rows are read: the columns to ask for, and what a row means. */
export interface ReadPlan {
  columns: readonly string[]
  toRecord(row: Row): CrmRecord
}

/** Where a row opens for people. The org sends the browser on to the host of its own pages. */
export function recordPage(instanceUrl: string, entityName: string, remoteId: string): string {
  return `${instanceUrl}/lightning/r/${encodeURIComponent(entityName)}/${encodeURIComponent(remoteId)}/view`
}

/** `2026-05-01T07:25:37.000+0000` is not RFC 3339 (crm-apis.md 2.4). */
export function toTimestamp(value: unknown): string | null {
  if (typeof value !== 'string') return null
  if (value.endsWith('+0000')) return `${value.slice(0, -5)}Z`
  const time = Date.parse(value)
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** What stands behind a path such as `Account.Name`. */
export function follow(row: Row, path: string): unknown {
  let value: unknown = row
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return null
    value = (value as Row)[step]
  }
  return value
}

function labelOf(field: FieldDescriptor, value: string): string {
  return field.options.find((option) => option.value === value)?.label ?? value
}

/** Compound addresses and geolocations are objects; their parts, in the order of an envelope. */
function joinParts(value: object): string | null {
  const parts = value as Record<string, unknown>
  const lines = ['street', 'city', 'state', 'postalCode', 'country', 'latitude', 'longitude'].flatMap((part) => {
    const line = parts[part]
    return typeof line === 'string' || typeof line === 'number' ? [String(line)] : []
  })
  return lines.length === 0 ? null : lines.join(', ')
}

function toText(field: FieldDescriptor, raw: unknown): string | null {
  if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw)
  if (typeof raw !== 'string') return typeof raw === 'object' && raw !== null ? joinParts(raw) : null
  if (field.type === 'OPTION_SET') return labelOf(field, raw)
  if (field.type === 'MULTI_OPTION_SET')
    return raw
      .split(';')
      .map((value) => labelOf(field, value))
      .join('; ')
  if (field.type === 'DATE_TIME') return toTimestamp(raw)
  return raw
}

function firstText(row: Row, columns: readonly string[]): string | null {
  for (const column of columns) {
    const value = row[column]
    if (typeof value === 'string' && value !== '') return value
  }
  return null
}

/** The type is in the answer; a lookup that may point to several objects says no more. */
function targetOf(field: FieldDescriptor, row: Row, namePath: string | undefined): string | null {
  if (field.targets.length === 1) return field.targets[0] ?? null
  const attributes = namePath === undefined ? null : follow(row, `${namePath.split('.')[0]}.attributes`)
  const type = typeof attributes === 'object' && attributes !== null ? (attributes as Row)['type'] : null
  return text(type)
}

/** @throws ProviderError CRM_REJECTED that names the fields which the object does not have */
export function demandKnown(object: ObjectMetadata, names: readonly string[]): void {
  const unknown = names.filter((name) => !object.fields.has(name))
  if (unknown.length === 0) return
  throw new ProviderError('CRM_REJECTED', {
    message: `Salesforce has no ${unknown.join(', ')} on ${object.name}, or hides it from us.`,
    providerCode: 'INVALID_FIELD',
    metadataDoubtful: true,
    fields: unknown.map((name) => ({ name, message: 'Salesforce does not know this field, or hides it from us.' })),
  })
}

/**
 * @param extra columns that the caller reads by itself
 * @throws ProviderError CRM_REJECTED that names each asked field which the object does not have
 */
export function planRead(
  object: ObjectMetadata,
  selection: RecordSelection,
  options: { instanceUrl: string; extra?: readonly string[] },
): ReadPlan {
  demandKnown(object, selection.fields)
  const { instanceUrl } = options
  const kind = kindOf(object.name)
  const columns = new Set(['Id', object.primaryField])
  for (const column of options.extra ?? []) columns.add(column)

  /** The columns of these that the org has, where the attribute is asked for. */
  const wanted = (attribute: RecordSelection['attributes'][number], ...names: string[]): string[] => {
    if (!selection.attributes.includes(attribute)) return []
    const there = names.filter((name) => object.fields.has(name))
    for (const name of there) columns.add(name)
    return there
  }
  const phones = wanted('phone', 'Phone', 'MobilePhone', 'PersonMobilePhone')
  const emails = wanted('email', 'Email', 'PersonEmail')
  const [created] = wanted('createdAt', 'CreatedDate')
  const [modified] = wanted('modifiedAt', 'LastModifiedDate')
  const [versioned] = wanted('version', 'LastModifiedDate')
  const firstNames = wanted('firstName', 'FirstName')
  const lastNames = wanted('lastName', 'LastName')
  const companies = wanted('company', ...(kind === 'LEAD' ? ['Company'] : []))
  const [status] = wanted('status', ...(kind === 'LEAD' ? ['Status'] : []))
  const accountNumbers = wanted('accountNumber', ...(kind === 'ACCOUNT' ? ['AccountNumber'] : []))
  const descriptions = wanted('description', 'Description')
  const [accountId] = wanted('account', ...(kind === 'CONTACT' ? ['AccountId'] : []))
  if (accountId !== undefined) columns.add('Account.Name')
  const hasPersonAccounts = kind === 'ACCOUNT' && object.fields.has('IsPersonAccount')
  if (hasPersonAccounts) columns.add('IsPersonAccount')

  const fields = selection.fields.flatMap((name) => object.fields.get(name) ?? [])
  for (const field of fields) {
    columns.add(field.name)
    const namePath = object.namePaths.get(field.name)
    if (namePath !== undefined) columns.add(namePath)
  }
  const statusField = status === undefined ? undefined : object.fields.get(status)

  const toReference = (entityName: string, id: unknown, name: unknown): NamedReference | null =>
    typeof id === 'string'
      ? { entityName, remoteId: id, name: text(name), url: recordPage(instanceUrl, entityName, id) }
      : null

  function toFieldValue(field: FieldDescriptor, row: Row): RecordFieldValue {
    const raw = row[field.name] ?? null
    const namePath = object.namePaths.get(field.name)
    if (field.type !== 'LOOKUP')
      return { name: field.name, type: field.type, value: toText(field, raw), raw, reference: null }
    const name = namePath === undefined ? null : text(follow(row, namePath))
    const target = targetOf(field, row, namePath)
    return {
      name: field.name,
      type: field.type,
      value: name ?? text(raw),
      raw,
      reference: target === null ? null : toReference(target, raw, name),
    }
  }

  function toFields(row: Row): CrmRecord['fields'] {
    return Object.fromEntries(fields.map((field) => [field.name, toFieldValue(field, row)]))
  }

  return {
    columns: [...columns],
    toRecord(row) {
      const remoteId = String(row['Id'])
      const statusValue = status === undefined ? null : text(row[status])
      return {
        entityName: object.name,
        kind,
        remoteId,
        name: text(row[object.primaryField]) ?? '',
        phone: firstText(row, phones),
        email: firstText(row, emails),
        url: recordPage(instanceUrl, object.name, remoteId),
        createdAt: created === undefined ? null : toTimestamp(row[created]),
        modifiedAt: modified === undefined ? null : toTimestamp(row[modified]),
        version: versioned === undefined ? null : toTimestamp(row[versioned]),
        firstName: firstText(row, firstNames),
        lastName: firstText(row, lastNames),
        company: firstText(row, companies),
        status: statusValue === null || statusField === undefined ? statusValue : labelOf(statusField, statusValue),
        accountNumber: firstText(row, accountNumbers),
        description: firstText(row, descriptions),
        isPersonAccount: hasPersonAccounts && row['IsPersonAccount'] === true,
        account: accountId === undefined ? null : toReference('Account', row[accountId], follow(row, 'Account.Name')),
        fields: toFields(row),
      }
    },
  }
}
