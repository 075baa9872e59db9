import { methodNotAllowed, notFound, refused, SalesforceError } from '../errors.ts'
import { normaliseId } from '../ids.ts'
import { rowsWith } from '../records/values.ts'
import { createRecord, deleteRecord, updateRecord } from '../records/write.ts'
import { type ApiAnswer, type ApiCall, type Org, readObject, recordContext, toObjects } from './call.ts'
import { checkWritable, findRow, objectOf, upsertRecord } from './sobjects.ts'

const maxRecords = 200

/** The outcome of one row of a collection. */
interface ItemResult {
  id?: string
  success: boolean
  errors: Record<string, unknown>[]
  created?: boolean
}

type Item = Record<string, unknown>

/** Everything below `composite/sobjects`: up to 200 rows created, changed, upserted, deleted or read at once. */
export function answerCollections(call: ApiCall, org: Org): ApiAnswer {
  const [, , type, field] = call.segments
  switch (call.method) {
    case 'POST':
      if (type !== undefined) return readMany(call, org, type)
      return each(call, org, (record) => {
        const object = objectOf(record, org)
        checkWritable(object, 'createable')
        return { id: createRecord(object, record, recordContext(call, org)) }
      })
    case 'PATCH':
      if (type !== undefined && field !== undefined) return upsertMany(call, org, type, field)
      return each(call, org, ({ Id, id, ...record }) => {
        const object = objectOf(record, org)
        checkWritable(object, 'updateable')
        const row = findRow(object, Id ?? id, org)
        updateRecord(object, row, record, recordContext(call, org))
        return { id: String(row.Id) }
      })
    case 'DELETE':
      return deleteMany(call, org)
    case 'GET':
      if (type !== undefined) return readMany(call, org, type)
      throw methodNotAllowed(call.method, 'POST,PATCH,DELETE')
    default:
      throw methodNotAllowed(call.method, 'GET,POST,PATCH,DELETE')
  }
}

function upsertMany(call: ApiCall, org: Org, type: string, name: string): ApiAnswer {
  const object = org.schema().objectNamed(type)
  const field = object?.fieldNamed(name)
  if (!object) throw notFound()
  if (!field?.idLookup) throw notFound(`Provided external ID field does not exist or is not accessible: ${name}`)
  return each(call, org, (record) => {
    const { [field.name]: key, ...input } = record
    if (typeof key !== 'string' && typeof key !== 'number') {
      throw refused('MISSING_ARGUMENT', `${field.name} not specified`)
    }
    const isNew = rowsWith(org, object.name, field.name, String(key)).length === 0
    return { id: upsertRecord(call, org, object, field.name, String(key), input), created: isNew }
  })
}

function deleteMany(call: ApiCall, org: Org): ApiAnswer {
  const ids = (call.query.get('ids') ?? '').split(',').filter((id) => id !== '')
  const allOrNone = call.query.get('allOrNone') === 'true'
  return runAll(ids, allOrNone, org, (id) => {
    const object = org.schema().objectOfId(id)
    if (!object) throw refused('MALFORMED_ID', `malformed id ${id}`)
    checkWritable(object, 'deletable')
    deleteRecord(object, findRow(object, id, org), recordContext(call, org))
    return { id: normaliseId(id) ?? id }
  })
}

/** `?ids=&fields=` or a body with both: the rows in the order of the ids, null where there is none. */
function readMany(call: ApiCall, org: Org, type: string): ApiAnswer {
  const object = org.schema().objectNamed(type)
  if (!object) throw notFound()
  const body = call.method === 'POST' ? readObject(call) : {}
  const ids = listOf(body.ids ?? call.query.get('ids'))
  const fields = listOf(body.fields ?? call.query.get('fields')).map((name) => {
    const field = object.fieldNamed(name)
    if (!field) throw refused('INVALID_FIELD', `No such column '${name}' on entity '${object.name}'`)
    return field.name
  })
  const table = org.store.table(object.name)
  const records = ids.map((id) => {
    const row = table.get(normaliseId(id) ?? '')
    if (!row || row.IsDeleted === true) return null
    const url = `/services/data/${call.version}/sobjects/${object.name}/${String(row.Id)}`
    return {
      attributes: { type: object.name, url },
      ...Object.fromEntries(fields.map((name) => [name, row[name] ?? null])),
    }
  })
  return { status: 200, value: records }
}

const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(',') : []

function each(call: ApiCall, org: Org, work: (record: Item) => Partial<ItemResult>): ApiAnswer {
  const { records, allOrNone } = readObject(call)
  return runAll(toObjects(records, 'records'), allOrNone === true, org, work)
}

/** Thrown to undo everything; the results are kept beside. */
class RolledBack extends Error {}

function runAll<T>(
  items: readonly T[],
  allOrNone: boolean,
  org: Org,
  work: (item: T) => Partial<ItemResult>,
): ApiAnswer {
  if (items.length > maxRecords) {
    throw refused(
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${maxRecords} records into this call`,
    )
  }
  let results: ItemResult[] = []
  try {
    org.store.transaction(() => {
      results = items.map((item) => attempt(item, work))
      if (allOrNone && results.some((result) => !result.success)) throw new RolledBack()
    })
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error
    results = results.map((result) => (result.success ? rolledBack : result))
  }
  return { status: 200, value: results }
}

const rolledBack: ItemResult = {
  success: false,
  errors: [
    {
      statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
      fields: [],
    },
  ],
}

/** In collections the code is called `statusCode` (crm-apis.md 2.12). */
function attempt<T>(item: T, work: (item: T) => Partial<ItemResult>): ItemResult {
  try {
    return { success: true, errors: [], ...work(item) }
  } catch (error) {
    if (!(error instanceof SalesforceError)) throw error
    const errors = error.items.map(({ errorCode, message, fields = [], ...rest }) => ({
      statusCode: errorCode,
      message,
      fields,
      ...rest,
    }))
    return { success: false, errors }
  }
}
