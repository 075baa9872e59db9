/** `docs/access.md`: who may ask for what, as one table for each root and one for what lies below. */
import { roles, scopes } from '../viewers/viewer.ts'
import { type AccessRule, scopesOf } from './rule.ts'
import type { Ruled, SchemaRules } from './schema-rules.ts'

const titles = { Query: 'Reading', Mutation: 'Changing', Subscription: 'Listening' }

const introduction = `# Who may ask for what

\`npm run generate\` makes this page from the code: change it there. The description of every field says the same.

- **${scopes.join(', ')}** are scopes of keys; each holds those behind it. A person who is signed in holds ADMIN. An agent's
  token holds AGENT, and opens no more than its conversations and what the settings leave to agents.
- **${roles.join(', ')}** are roles of people who are signed in. Where only an OWNER may, no key does.
- Everybody sees their own workspace and nothing else: what belongs to another answers as if it were not there.`

/** @returns the page as Markdown */
export function accessPage({ roots, nested, byId }: SchemaRules): string {
  const sections = Object.entries(titles).map(([root, title]) => `## ${title}\n\n${table(roots[root] ?? [])}`)
  const below = `## Below the root

These types and fields ask for more than the way to them does. Whoever may not is told so in their place.

${table(nested)}`
  const ids = `## By an id

\`node\` and \`nodes\` give these to whom the table says; for everybody else there is nothing of that id.

${table(byId)}`
  return `${[introduction, ...sections, below, ids].join('\n\n')}\n`
}

function table(ruled: readonly Ruled[]): string {
  const lines = ruled.map(({ place, rule }) => [`\`${place}\``, ...scopes.map((scope) => cell(rule, scope))])
  return [['', ...scopes], ['---', ...scopes.map(() => '---')], ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function cell(rule: AccessRule, scope: (typeof scopes)[number]): string {
  if (!scopesOf(rule).includes(scope)) return 'no'
  return rule.onlyOwners ? 'OWNER' : 'yes'
}
