/** Why there is no preview, for a person. Pure. */
import type { CombinedError } from 'urql'

export interface Fault {
  /** What is edited is not complete yet, which is no cause for alarm. */
  readonly unfinished: boolean
  readonly messages: readonly string[]
}

/** @param sentence what to say where nothing is merely missing */
export function faultOf({ graphQLErrors }: Pick<CombinedError, 'graphQLErrors'>, sentence: string): Fault {
  const unfinished =
    graphQLErrors.length > 0 && graphQLErrors.every(({ extensions }) => extensions['code'] === 'VALIDATION')
  const messages = new Set(graphQLErrors.map(({ message }) => message))
  return { unfinished, messages: unfinished ? [...messages] : [sentence] }
}

interface Refusal {
  readonly __typename: string
  readonly message: string
  readonly fields?: readonly { readonly message: string }[]
}

/** What a result union said instead of an answer. */
export function faultOfRefusal({ __typename, message, fields = [] }: Refusal): Fault {
  const messages = new Set(fields.map((field) => field.message))
  return { unfinished: __typename === 'ValidationError', messages: messages.size > 0 ? [...messages] : [message] }
}

interface Faulty {
  readonly __typename: string
  readonly fields?: readonly { readonly path: readonly string[]; readonly message: string }[]
}

/** What is wrong with the inputs of a form, by the name of the field, in which a path ends. */
export function faultsByName(result: Faulty | null): Readonly<Record<string, string>> {
  return Object.fromEntries((result?.fields ?? []).map(({ path, message }) => [path.at(-1) ?? '', message]))
}
