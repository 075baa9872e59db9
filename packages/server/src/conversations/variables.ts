/** Where a conversation's chat variables come from: the script that begins the chat, and the address of its page. Pure. */
import type { Variable } from './conversation.ts'

const PAGE_URL = 'Page URL'

/**
 * What the script gives stands before what the address says; names count with their case.
 *
 * @param declared the workspace's own variables: only these are read from the address's query
 */
export function readVariables(
  given: readonly Variable[],
  pageUrl: string | null,
  declared: readonly string[],
): readonly Variable[] {
  if (pageUrl === null) return given
  const query = URL.canParse(pageUrl) ? new URL(pageUrl).searchParams : new URLSearchParams()
  const fromPage = [
    { name: PAGE_URL, value: pageUrl },
    ...declared.map((name) => ({ name, value: query.get(name) ?? '' })),
  ]
  const names = new Set(given.map(({ name }) => name))
  return [...given, ...fromPage.filter(({ name, value }) => value !== '' && !names.has(name))]
}
