/**
 * What fields cost, in points: each field one, what is in a list as often as the list may be long, and a call to a CRM as
 * much as a hundred fields. An operation may cost as much as `LIMIT_COST` says; it is refused before any of it runs.
 */

const CRM_CALL = 100

/** How long a list is taken to be that nobody has given a length. */
export const USUAL_LIST = 10

/** A field that asks a CRM, once. */
export const crmCall = { field: CRM_CALL }

interface PageArgs {
  first?: number | null | undefined
  last?: number | null | undefined
}

/** A page of a list, or what holds one. @param usual how long it is where the caller does not say */
export const page = (usual: number) => (args: PageArgs) => ({ field: 1, multiplier: lengthOf(args, usual) })

/** A page that a CRM is asked for, once for all of it. */
export const crmPage = (usual: number) => (args: PageArgs) => ({ field: CRM_CALL, multiplier: lengthOf(args, usual) })

/** Hits of a search stand in lists below its result: those are as much longer than usual as this is. */
export const crmSearch = (args: PageArgs) => ({
  field: CRM_CALL,
  multiplier: Math.max(1, lengthOf(args, USUAL_LIST) / USUAL_LIST),
})

/** A list of what a workspace has few of, such as integrations and their entity types. */
export const few = { field: 1, multiplier: 4 }

/** What stands in a page whose length its field has counted already. */
export const inPage = { field: 1, multiplier: 1 }

/** One thing for each id. */
export const each = (ids: readonly unknown[]) => ({ field: 1, multiplier: ids.length })

/** A CRM is asked for each of these records. */
export const crmCallFor = (recordIds: readonly unknown[]) => ({ field: CRM_CALL * Math.max(1, recordIds.length) })

function lengthOf({ first, last }: PageArgs, usual: number): number {
  return Math.max(0, first ?? last ?? usual)
}
