/** The dearest documents that pass a limit, or are stopped by it only after work: T9 of SECURITY.md. */
import { type HostileRequest, postOf } from './request-text.ts'

const list = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join('')

const documents: Record<string, string> = {
  'nearly a mebibyte of lines of a block of text': `{ node(id: """${'a\n'.repeat(300_000)}""") { id } }`,
  'nearly a mebibyte of indented lines of a block of text': `{ node(id: """${' \n'.repeat(300_000)}x""") { id } }`,
  'nearly a mebibyte of comments': `${'#\n'.repeat(300_000)}{ viewer { kind } }`,
  '350 fragments, each to be compared with all others': `{ viewer { ${list(350, (i) => `...F${i} `)} } } ${list(350, (i) => `fragment F${i} on Viewer { kind } `)}`,
  '600 variables': `query (${list(600, (i) => `$v${i}: ID `)}) { nodes(ids: [${list(600, (i) => `$v${i} `)}]) { id } }`,
  '600 variables that nobody declared': `{ nodes(ids: [${list(600, (i) => `$v${i} `)}]) { id } }`,
  '1,500 times one field': `{ viewer { ${'kind '.repeat(1_500)} } }`,
}

/** Each ends in a comment of its own, so that none is remembered from the time before. */
export function worstRequests(key: string, times: number): HostileRequest[] {
  return Object.entries(documents).flatMap(([name, query]) =>
    Array.from({ length: times }, (_, time) => postOf(`${name}, number ${time}`, key, { query: `${query}#${time}` })),
  )
}

/** As many documents as the server remembers: behind them it has forgotten all others, and has their work anew. */
export function fillers(key: string): HostileRequest[] {
  return Array.from({ length: 1_000 }, (_, i) => postOf(`filler ${i}`, key, { query: `{ viewer { kind } } #${i}` }))
}
