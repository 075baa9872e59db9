import { type AnyVariables, type TypedDocumentNode, useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import type { SettingsOutcomeFragment } from '../../graphql/generated/graphql.ts'
import { type FragmentType, graphql, readFragment } from '../../graphql/generated/index.ts'
import { asOwnChange } from '../../graphql/own-changes.ts'
import { momentText } from '../../ui/moment.tsx'
import { tellDone, tellProblem, tellWarnings } from '../../ui/tell.ts'
import { useViewer } from '../../ui/viewer.ts'
import { useSettings } from './settings-context.ts'
import { useIsHere } from './use-is-here.ts'

/** What every mutation of settings selects of its result. */
export const SettingsOutcome = graphql(`
  fragment SettingsOutcome on SettingsResult {
    __typename
    ... on SettingsSuccess { changedId warnings integration { id settings { id version } } }
    ... on Error { code message }
    ... on ValidationError { fields { path message } }
    ... on ConflictError { version changedBy changedAt }
  }
`)

export type SaveOutcome =
  | { kind: 'SAVED'; changedId: string | null }
  /** `fields`: by the input, such as `maxLength`; `message` stands beside the button. */
  | { kind: 'REFUSED'; message: string | null; fields: Readonly<Record<string, string>> }
  /** Somebody else saved in between; the page has read what is in force now, and nothing was lost of what was entered. */
  | { kind: 'CONFLICT'; message: string; changedBy: string | null; changedAt: string | null }

interface SaveOptions {
  /** Told when it is saved. */
  done: string
  /** Inputs that stand on the form, by their own names or as what picks one by its path: faults of others go into `message`. */
  fields?: readonly string[] | ((path: readonly string[]) => string | undefined)
  /** Called as soon as it is in force, before it is read anew. */
  kept?: () => void
  /** The form puts together what was entered and what others changed meanwhile, and shows where they differ. */
  merges?: boolean
}

/** Saves, reads the settings anew, and tells of it. */
export function useSave() {
  const client = useClient()
  const { reload, setUnsaved, editBase, integration } = useSettings()
  const { timeZone, userName } = useViewer()
  // Whoever has left meanwhile may have begun to edit something else.
  const isHere = useIsHere()

  /** What is in force stands beside what was entered from here on, and the next save is of that. */
  function conflict(change: { changedBy?: string | null; changedAt?: string | null }): SaveOutcome {
    if (isHere.current) editBase.moveOn()
    const { changedBy = null, changedAt = null } = change
    const when = changedAt ? ` (${momentText(changedAt, timeZone)})` : ''
    const message = `${changedBy ?? 'Somebody else'} changed these settings${when} while you were editing. What you entered is still here, and nothing of it is saved yet: look at what changed, then save again.`
    return { kind: 'CONFLICT', message, changedBy, changedAt }
  }

  return async function save<Data, Variables extends AnyVariables>(
    mutation: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    pick: (data: Data) => FragmentType<typeof SettingsOutcome>,
    { done, fields = [], kept, merges = false }: SaveOptions,
  ): Promise<SaveOutcome> {
    const meanwhile = merges ? null : editBase.changedByOthers()
    if (meanwhile) return conflict(meanwhile)
    const { data, error } = await asOwnChange(client.mutation(mutation, variables).toPromise(), (answer) => {
      if (!answer.data) {
        return { integrationId: integration.id, version: integration.settings.version + 1, unansweredOf: userName }
      }
      const made = readFragment(SettingsOutcome, pick(answer.data))
      if (made?.__typename !== 'SettingsSuccess') return null
      return { integrationId: integration.id, version: made.integration.settings.version }
    })
    if (!data) {
      const message = sentenceFor(error)
      tellProblem(message)
      return { kind: 'REFUSED', message, fields: {} }
    }
    const outcome: SettingsOutcomeFragment = readFragment(SettingsOutcome, pick(data))
    if (outcome.__typename === 'SettingsSuccess') {
      // Nothing is left that leaving would lose.
      if (isHere.current) setUnsaved(null)
      kept?.()
      await reload()
      tellDone(done)
      tellWarnings(outcome.warnings)
      return { kind: 'SAVED', changedId: outcome.changedId ?? null }
    }
    if (outcome.__typename === 'ConflictError') {
      await reload()
      return conflict(outcome)
    }
    if (outcome.__typename !== 'ValidationError') return { kind: 'REFUSED', message: outcome.message, fields: {} }
    const atFields: Record<string, string> = {}
    const others: string[] = []
    const inputOf = typeof fields === 'function' ? fields : lastOf(fields)
    for (const { path, message } of outcome.fields) {
      const name = inputOf(path)
      if (name === undefined) others.push(message)
      else atFields[name] = message
    }
    return { kind: 'REFUSED', message: others.join(' ') || null, fields: atFields }
  }
}

function lastOf(fields: readonly string[]) {
  return (path: readonly string[]) => path.findLast((part) => fields.includes(part))
}
