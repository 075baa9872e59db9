/** What becomes of what somebody has entered when somebody else has saved meanwhile. Pure. */

export interface Merged<Values> {
  values: Values
  /** Members that both have changed, each to something else: `values` holds one's own. */
  clashes: (keyof Values & string)[]
}

/** Whether two values are one to the CRM: ids of rows that only the form knows do not count. */
export function isSame(one: unknown, other: unknown): boolean {
  return contentOf(one) === contentOf(other)
}

function contentOf(value: unknown): string | undefined {
  return JSON.stringify(value, (key, member) => (key === 'id' ? undefined : member))
}

/**
 * Member by member: what one has not touched follows the others, what one has touched stays.
 *
 * @param base what was in force when one began
 */
export function merge<Values extends object>(base: Values, mine: Values, theirs: Values): Merged<Values> {
  const values = { ...mine }
  const clashes: (keyof Values & string)[] = []
  for (const member of membersOf(mine)) {
    const isTheirs = !isSame(base[member], theirs[member]) && !isSame(mine[member], theirs[member])
    if (!isTheirs) continue
    if (isSame(base[member], mine[member])) values[member] = theirs[member]
    else clashes.push(member)
  }
  return { values, clashes }
}

/** The members that differ. */
export function changedMembers<Values extends object>(before: Values, after: Values): (keyof Values & string)[] {
  return membersOf(after).filter((member) => !isSame(before[member], after[member]))
}

function membersOf<Values extends object>(values: Values): (keyof Values & string)[] {
  return Object.keys(values) as (keyof Values & string)[]
}
