/** An error answer of Salesforce, read member by member: nothing of it need be of the type that it should be. */
import type { DuplicateCandidate } from '../errors.ts'

/** One error of an answer. */
export interface ApiError {
  code: string | undefined
  /** '' where there is none. */
  message: string
  fields: string[]
  duplicates: DuplicateCandidate[]
  /** The duplicate rule lets the row be saved all the same. */
  allowSave: boolean
}

type Members = Record<string, unknown>

const membersOf = (value: unknown): Members | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null

const objectsIn = (list: unknown): Members[] =>
  Array.isArray(list) ? list.map(membersOf).filter((members) => members !== null) : []

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Collections write `statusCode` where the rest of the API writes `errorCode`, the token endpoint `error`. */
export function readErrors(body: unknown): ApiError[] {
  if (Array.isArray(body)) return objectsIn(body).map(readError)
  const members = membersOf(body)
  if (members === null) return []
  const error = textOf(members['error'])
  return [readError(error === undefined ? members : { errorCode: error, message: members['error_description'] })]
}

function readError(members: Members): ApiError {
  const { fields } = members
  // The platform's own misspelling, and the word that newer versions use.
  const report = membersOf(members['duplicateResut']) ?? membersOf(members['duplicateResult'])
  return {
    code: textOf(members['errorCode']) ?? textOf(members['statusCode']),
    message: textOf(members['message']) ?? '',
    fields: Array.isArray(fields) ? fields.filter((name) => typeof name === 'string') : [],
    duplicates: objectsIn(report?.['matchResults']).flatMap(candidatesOf),
    allowSave: report?.['allowSave'] === true,
  }
}

function candidatesOf(result: Members): DuplicateCandidate[] {
  return objectsIn(result['matchRecords']).flatMap((match) => {
    const record = membersOf(match['record'])
    const entityName = textOf(membersOf(record?.['attributes'])?.['type']) ?? textOf(result['entityType'])
    const remoteId = textOf(record?.['Id'])
    if (remoteId === undefined || entityName === undefined) return []
    return [{ entityName, remoteId, name: textOf(record?.['Name']) ?? null }]
  })
}
