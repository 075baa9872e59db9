import { useCallback, useMemo, useState } from 'react'
import { lastChangeOfOthers } from '../../graphql/own-changes.ts'
import { changedMembers, isSame, merge } from './merge.ts'
import { type DocumentChange, useSettings } from './settings-context.ts'
import type { SaveOutcome } from './use-save.ts'
import { useUnsaved } from './use-unsaved.ts'

/** What inputs need of the form that they stand on. */
export interface FormFields<Values> {
  values: Values
  set<Member extends keyof Values>(member: Member, value: Values[Member]): void
  /** By the path below `input`, joined by dots, such as `autoSmsPush.field`. */
  errors: Readonly<Record<string, string>>
}

/** What somebody else has saved meanwhile, against what is entered here. */
export interface Clash<Values> {
  /** Null: it is not known who. */
  by: string | null
  at: string | null
  members: readonly (keyof Values & string)[]
  theirs: Values
}

export interface SettingsForm<Values> extends FormFields<Values> {
  dirty: boolean
  saving: boolean
  /** What stands in the way of saving and belongs to no input. */
  message: string | null
  clash: Clash<Values> | null
  save: () => Promise<void>
  discard: () => void
  takeTheirs: () => void
}

interface Options<Values> {
  /** What is in force, the same object as long as it is the same. */
  inForce: Values
  /** What the document becomes by these values; the same function at each call. */
  toChange: (values: Values) => DocumentChange
  /**
   * Saves these values.
   *
   * @param changed those that differ from what is in force
   * @param kept is to be called as soon as they are in force, before they are read anew
   */
  save: (values: Values, changed: ReadonlySet<keyof Values>, kept: () => void) => Promise<SaveOutcome>
}

interface Author {
  by: string | null
  /** ISO 8601. */
  at: string | null
}

interface State<Values> {
  base: Values
  values: Values
  clashes: readonly (keyof Values & string)[]
  /** What was saved and is not read back yet, perhaps tidied. */
  sent: Values | null
}

/** A form that is saved as a whole. When somebody else saves meanwhile, what was entered here stays. */
export function useSettingsForm<Values extends object>(options: Options<Values>): SettingsForm<Values> {
  const { inForce, toChange, save } = options
  const [state, setState] = useState<State<Values>>({ base: inForce, values: inForce, clashes: [], sent: null })
  const { integration } = useSettings()
  const [saving, setSaving] = useState(false)
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({})
  const [message, setMessage] = useState<string | null>(null)
  const [author, setAuthor] = useState<Author | null>(null)

  let current = state
  if (state.base !== inForce && isSame(state.base, inForce)) {
    // Read anew, and nothing is new: what was sent is still to be read back.
    current = { ...state, base: inForce }
    setState(current)
  } else if (state.base !== inForce) {
    const { values, clashes } = merge(state.sent ?? state.base, state.values, inForce)
    const known = state.sent === null ? still(state, inForce) : []
    current = { base: inForce, values, clashes: [...new Set([...known, ...clashes])], sent: null }
    setState(current)
  }
  const { base, values, clashes } = current
  const changed = useMemo(() => changedMembers(base, values), [base, values])
  const dirty = changed.length > 0
  useUnsaved(useMemo(() => (dirty ? toChange(values) : null), [dirty, toChange, values]))

  const set = useCallback(<Member extends keyof Values>(member: Member, value: Values[Member]) => {
    setState((before) => ({ ...before, values: { ...before.values, [member]: value } }))
  }, [])

  /** Of a change that was heard of before anything was saved here. */
  function lastAuthor(): Author {
    const last = lastChangeOfOthers(integration.id)
    return { by: last?.changedBy ?? null, at: last?.changedAt ?? null }
  }

  function forget() {
    setErrors({})
    setMessage(null)
  }

  return {
    values,
    set,
    errors,
    dirty,
    saving,
    // Where they clash, that is said with what differs; and what was saved after all has nothing in its way.
    message: dirty && clashes.length === 0 ? message : null,
    clash: clashes.length > 0 ? { ...(author ?? lastAuthor()), members: clashes, theirs: base } : null,
    async save() {
      forget()
      setSaving(true)
      const kept = () => setState((before) => ({ ...before, clashes: [], sent: values }))
      const outcome = await save(values, new Set(changed), kept)
      setSaving(false)
      if (outcome.kind === 'SAVED') {
        // Where what is in force was that already, nothing new has been read.
        setState((before) =>
          before.sent ? { ...before, ...merge(before.sent, before.values, before.base), sent: null } : before,
        )
        setAuthor(null)
      }
      if (outcome.kind === 'REFUSED') {
        setErrors(outcome.fields)
        setMessage(outcome.message)
      }
      if (outcome.kind === 'CONFLICT') {
        setAuthor({ by: outcome.changedBy, at: outcome.changedAt })
        setMessage(outcome.message)
      }
    },
    discard() {
      forget()
      setState((before) => ({ ...before, values: before.base, clashes: [] }))
    },
    takeTheirs() {
      forget()
      setState((before) => ({
        ...before,
        values: { ...before.values, ...pick(before.base, before.clashes) },
        clashes: [],
      }))
    },
  }
}

/** Those that had clashed and still differ. */
function still<Values extends object>({ values, clashes }: State<Values>, inForce: Values) {
  const differing = changedMembers(inForce, values)
  return clashes.filter((member) => differing.includes(member))
}

function pick<Values extends object>(values: Values, members: readonly (keyof Values)[]): Partial<Values> {
  const picked: Partial<Values> = {}
  for (const member of members) picked[member] = values[member]
  return picked
}
