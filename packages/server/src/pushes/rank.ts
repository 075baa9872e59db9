/** Who comes first among the pushes of one CRM that are due. */
export const pushRank = {
  /** A person asked for it to be tried now: alone in its rank, so that it is found although the CRM is left alone. */
  forced: -1,
  /** A person tagged. */
  person: 0,
  /** Made by itself, or due by a later message. */
  itself: 1,
  /** Tried before. */
  retry: 2,
} as const
