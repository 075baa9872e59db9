/** Chat variables: what a chat says of itself and its visitor beside the visitor's own data. */

/** What every chat product sends, spelled as it sends it. */
const builtInChatVariables = ['Location', 'IP Address', 'Computer', 'Referrer URL', 'Page URL'] as const

export interface ChatVariable {
  readonly name: string
  readonly builtIn: boolean
}

/** The built-in ones, then the workspace's own in the order in which they were declared. */
export function listChatVariables(declared: readonly string[]): ChatVariable[] {
  return [
    ...builtInChatVariables.map((name) => ({ name, builtIn: true })),
    ...declared.map((name) => ({ name, builtIn: false })),
  ]
}

export function isBuiltInChatVariable(name: string): boolean {
  return (builtInChatVariables as readonly string[]).includes(name)
}
