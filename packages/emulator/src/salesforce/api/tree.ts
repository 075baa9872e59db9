import { methodNotAllowed, notFound, refused, SalesforceError } from '../errors.ts'
import type { SObject } from '../metadata/schema.ts'
import { createRecord } from '../records/write.ts'
import { type ApiAnswer, type ApiCall, type Org, readObject, recordContext, toObjects } from './call.ts'

const maxRecords = 200

/** `POST composite/tree/<object>`: rows with their children, all or nothing. */
export function answerTree(call: ApiCall, org: Org): ApiAnswer {
  if (call.method !== 'POST') throw methodNotAllowed(call.method, 'POST')
  const object = org.schema().objectNamed(call.segments[2] ?? '')
  if (!object) throw notFound()
  const results: { referenceId: string; id: string }[] = []
  let current = ''

  function create(owner: SObject, record: Record<string, unknown>, link: Record<string, string>): void {
    const { attributes, ...members } = record
    current = (attributes as { referenceId?: string } | undefined)?.referenceId ?? ''
    const children = Object.entries(members).filter(([, value]) => isRecordList(value))
    const own = Object.fromEntries(Object.entries(members).filter(([, value]) => !isRecordList(value)))
    const id = createRecord(owner, { ...own, ...link }, recordContext(call, org))
    results.push({ referenceId: current, id })
    if (results.length > maxRecords) throw refused('LIMIT_EXCEEDED', `A tree holds up to ${maxRecords} records`)
    for (const [name, value] of children) {
      const relation = owner.children.find((child) => child.relationshipName === name)
      const child = relation && org.schema().objectNamed(relation.childSObject)
      if (!relation || !child)
        throw refused('INVALID_FIELD', `No such column '${name}' on sobject of type ${owner.name}`)
      for (const one of recordsOf(value)) create(child, one, { [relation.field]: id })
    }
  }

  const records = recordsOf(readObject(call))
  try {
    org.store.transaction(() => {
      for (const record of records) create(object, record, {})
    })
    return { status: 201, value: { hasErrors: false, results } }
  } catch (error) {
    if (!(error instanceof SalesforceError)) throw error
    const errors = error.items.map(({ errorCode, message, fields = [] }) => ({
      statusCode: errorCode,
      message,
      fields,
    }))
    return { status: 400, value: { hasErrors: true, results: [{ referenceId: current, errors }] } }
  }
}

const isRecordList = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Array.isArray((value as { records?: unknown }).records)

function recordsOf(value: unknown): Record<string, unknown>[] {
  return toObjects((value as { records?: unknown }).records, 'records')
}
