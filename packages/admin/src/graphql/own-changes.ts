/**
 * Whose changes of settings are whose: a page is not told of its own as it is of those of others. What others changed is
 * noted, so that a form that was filled in before does not overwrite it unseen.
 */

export interface OthersChange {
  version: number
  changedBy: string
  /** ISO 8601. */
  changedAt: string
}

const underWay = new Set<Promise<unknown>>()
const own = new Set<string>()
const ofOthers = new Map<string, OthersChange>()

const keyOf = (integrationId: string, version: number) => `${integrationId} ${version}`

/** @param madeBy what the answer says of the settings as they are now; null where nothing was saved */
export function asOwnChange<Answer>(
  saving: Promise<Answer>,
  madeBy: (answer: Answer) => { integrationId: string; version: number } | null,
): Promise<Answer> {
  const noted = saving.then((answer) => {
    const change = madeBy(answer)
    if (change) own.add(keyOf(change.integrationId, change.version))
    return answer
  })
  underWay.add(noted)
  return noted.finally(() => underWay.delete(noted))
}

/** Notes a change that was heard of. Answers whether this page made it; what is being saved is waited for. */
export async function isOwnChange(integrationId: string, change: OthersChange): Promise<boolean> {
  await Promise.allSettled([...underWay])
  if (own.has(keyOf(integrationId, change.version))) return true
  const last = ofOthers.get(integrationId)
  if (last === undefined || last.version < change.version) ofOthers.set(integrationId, change)
  return false
}

export function lastChangeOfOthers(integrationId: string): OthersChange | null {
  return ofOthers.get(integrationId) ?? null
}
