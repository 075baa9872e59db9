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
/** By whose name it is known as ours; null: by the answer. */
const own = new Map<string, string | null>()
const ofOthers = new Map<string, OthersChange>()

const keyOf = (integrationId: string, version: number) => `${integrationId} ${version}`

export interface OwnChange {
  integrationId: string
  version: number
  /** No answer came: the change is ours if there is one, and it was made in this name. */
  unansweredOf?: string
}

/** @param madeBy what the answer, or that there is none, says of the settings; null where nothing was saved */
export function asOwnChange<Answer>(
  saving: Promise<Answer>,
  madeBy: (answer: Answer) => OwnChange | null,
): Promise<Answer> {
  const noted = saving.then((answer) => {
    const change = madeBy(answer)
    if (change) own.set(keyOf(change.integrationId, change.version), change.unansweredOf ?? null)
    return answer
  })
  underWay.add(noted)
  return noted.finally(() => underWay.delete(noted))
}

/** Notes a change that was heard of, and answers who made it; what is being saved is waited for. */
export async function originOf(
  integrationId: string,
  change: OthersChange,
): Promise<'THIS_PAGE' | 'THIS_PAGE_UNANSWERED' | 'OTHERS'> {
  await Promise.allSettled([...underWay])
  const name = own.get(keyOf(integrationId, change.version))
  if (name === null) return 'THIS_PAGE'
  if (name === change.changedBy) return 'THIS_PAGE_UNANSWERED'
  const last = ofOthers.get(integrationId)
  if (last === undefined || last.version < change.version) ofOthers.set(integrationId, change)
  return 'OTHERS'
}

export function lastChangeOfOthers(integrationId: string): OthersChange | null {
  return ofOthers.get(integrationId) ?? null
}
