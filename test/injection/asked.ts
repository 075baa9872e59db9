/** What a CRM was asked, as it stands in its journal, without the values: its structure. */
import type { RuleCrm } from '../rules/support/rules.ts'

/** Text in quotes, by each CRM's own rule of what ends it. */
const literals = { DYNAMICS: /'(?:[^']|'')*'/g, SALESFORCE: /'(?:[^'\\]|\\.)*'/gs } as const

/** Of metadata and tokens, which are renewed in the background too. */
const background = /EntityDefinitions|\/describe|\/oauth2\/|\/sobjects\?$/

/** What was asked about rows. */
export const aboutRows = (asked: readonly string[]): string[] => asked.filter((call) => !background.test(call))

/** The structure of each call while `work` ran, and what `work` came to. */
export async function structureOf<T>(
  { control, provider }: Pick<RuleCrm, 'control' | 'provider'>,
  work: () => Promise<T>,
): Promise<{ result: T; asked: string[] }> {
  await control.clearCalls()
  const result = await work()
  const calls = await control.calls()
  const asked = calls.flatMap(({ method, path, query, parts = [] }) => [
    `${method} ${toStructure(path, provider)}?${toStructure(query, provider)}`,
    ...parts.map((part) => `${part.method} ${toStructure(part.path, provider)}`),
  ])
  return { result, asked: asked.sort() }
}

function toStructure(text: string, provider: RuleCrm['provider']): string {
  // What stands for itself in an address ends the value where it is not encoded, whatever quotes are around it.
  return text
    .split(/([?&#])/)
    .map((part) => decodeURIComponent(part.replaceAll('+', ' ')).replaceAll(literals[provider], "'…'"))
    .join('')
}
