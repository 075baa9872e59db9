import { useEffect, useRef, useState } from 'react'
import { type AnyVariables, type TypedDocumentNode, useClient } from 'urql'
import { sentenceFor } from '../../graphql/client.ts'
import { type Fault, faultOf } from './fault.ts'

/** Milliseconds without an edit until the preview is asked for anew. */
const PAUSE = 250

interface Answered<Data> {
  key: string | null
  /** The last that was good. */
  data: Data | null
  fault: Fault | null
}

export interface Preview<Data> extends Omit<Answered<Data>, 'key'> {
  /** It does not show the newest edits yet. */
  asking: boolean
  retry: () => void
}

/** Asks once the edits pause; a request that newer edits overtake is cancelled, and the last good answer stays meanwhile. */
export function usePreview<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Preview<Data> {
  const client = useClient()
  const [answered, setAnswered] = useState<Answered<Data>>({ key: null, data: null, fault: null })
  const [attempt, setAttempt] = useState(0)
  const asked = JSON.stringify(variables)
  const key = `${attempt} ${asked}`
  const first = useRef(true)
  const newest = useRef(variables)
  newest.current = variables

  useEffect(() => {
    let subscription: { unsubscribe: () => void } | null = null
    const timer = setTimeout(
      () => {
        first.current = false
        subscription = client.query(query, newest.current).subscribe(({ data, error }) => {
          if (data && !error) setAnswered({ key, data, fault: null })
          else if (error) setAnswered((last) => ({ key, data: last.data, fault: faultOf(error, sentenceFor(error)) }))
        })
      },
      first.current ? 0 : PAUSE,
    )
    return () => {
      clearTimeout(timer)
      subscription?.unsubscribe()
    }
  }, [client, query, key])

  const { data, fault } = answered
  return { data, fault, asking: answered.key !== key, retry: () => setAttempt((count) => count + 1) }
}
