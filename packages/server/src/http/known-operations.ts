/** Operations that are known before anybody asks: by the hash of their text, and for servers that run no others. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type DocumentNode, GraphQLError, Kind, parse, print, visit } from 'graphql'
import { z } from 'zod'

export interface KnownOperations {
  /** The text of a hash, in hexadecimal; null where it is not known. */
  find(hash: string): string | null
  /** Null where the document may run. */
  check(document: DocumentNode): GraphQLError | null
}

const manifest = z.union([z.array(z.string()), z.record(z.string(), z.string())])

/**
 * @param files each JSON: a list of documents, or documents by the hash that clients send, as the usual tools write it
 * @param strict whether a document that is in no file is refused
 * @throws when a file cannot be used
 */
export function readKnownOperations(files: readonly string[], strict: boolean): KnownOperations {
  const byHash = new Map<string, string>()
  const shapes = new Set<string>()
  for (const file of files) {
    const listed = manifest.parse(JSON.parse(readFileSync(file, 'utf8')))
    for (const [name, text] of Object.entries(listed)) {
      byHash.set(sha256(text), text)
      if (!Array.isArray(listed)) byHash.set(name, text)
      shapes.add(shapeOf(parse(text)))
    }
  }
  return {
    find: (hash) => byHash.get(hash) ?? null,
    check(document) {
      if (!strict || shapes.has(shapeOf(document))) return null
      return new GraphQLError('This server runs known operations only, and this is none of them.', {
        extensions: { code: 'OPERATION_NOT_KNOWN' },
      })
    },
  }
}

export const noKnownOperations = readKnownOperations([], false)

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** What a document asks for, however it is laid out: clients add `__typename`, and put fragments in an order of their own. */
function shapeOf(document: DocumentNode): string {
  const plain = visit(document, {
    SelectionSet(node) {
      const selections = node.selections.filter((it) => it.kind !== Kind.FIELD || it.name.value !== '__typename')
      return selections.length === 0 ? node : { ...node, selections }
    },
  })
  return sha256(plain.definitions.map(print).sort().join('\n'))
}
