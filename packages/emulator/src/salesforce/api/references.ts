/** `@{c1.id}`, `@{q.records[0].Id}`: values of earlier answers inside a composite request. */

export class UnknownReference extends Error {}

interface Answered {
  referenceId: string
  body: unknown
  httpStatusCode: number
}

const reference = /@\{([^}]+)\}/g

/** Fills in every reference in every text of the value. */
export function resolveReferences(value: unknown, answers: readonly Answered[]): unknown {
  if (typeof value === 'string') {
    return value.replace(reference, (_, path: string) => String(lookUp(path, answers)))
  }
  if (Array.isArray(value)) return value.map((one) => resolveReferences(one, answers))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolveReferences(one, answers)]))
  }
  return value
}

function lookUp(path: string, answers: readonly Answered[]): unknown {
  const [referenceId = '', ...keys] = path.split(/[.[\]]+/).filter((key) => key !== '')
  const answer = answers.find((one) => one.referenceId === referenceId)
  let value: unknown = answer && answer.httpStatusCode < 300 ? answer.body : undefined
  for (const key of keys) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
  }
  if (value === undefined || value === null || typeof value === 'object') {
    throw new UnknownReference(
      `Invalid reference specified. No value for ${path} found in ${referenceId}. Field name might be misspelled.`,
    )
  }
  return value
}
