import { Kind, print, visit } from 'graphql'

/**
 * Lists every operation of the app with the fragments that it needs: a server that runs known operations only is told by
 * this file what the app may ask.
 *
 * @param {import('graphql').GraphQLSchema} _schema
 * @param {{ document?: import('graphql').DocumentNode }[]} files
 */
export function plugin(_schema, files) {
  const definitions = files.flatMap(({ document }) => document?.definitions ?? [])
  const fragments = new Map(
    definitions.flatMap((it) => (it.kind === Kind.FRAGMENT_DEFINITION ? [[it.name.value, it]] : [])),
  )

  function needed(node, found = new Set()) {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value)
        if (!fragment || found.has(fragment)) return
        found.add(fragment)
        needed(fragment, found)
      },
    })
    return found
  }

  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  const texts = operations.map((operation) => [operation, ...needed(operation)].map(print).join('\n'))
  return `${JSON.stringify(texts, null, 1)}\n`
}
