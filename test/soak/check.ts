/** Compares what the emulated CRMs hold with what they must hold. It knows nothing of our own tables. Pure. */
import { type Expected, marksIn } from './threads.ts'

/** One activity as a CRM keeps it. */
export interface HeldActivity {
  readonly recordId: string
  readonly text: string
  readonly closed: boolean
}

export interface Verdict {
  /** Activities that must be there. */
  planned: number
  /** Activities of ours that are there. */
  found: number
  /** Messages that are missing from an activity that must hold them. */
  lost: number
  /** Activities that are there twice, and messages that stand in one activity twice. */
  twice: number
  /** Activities that hold the right messages in a wrong order, at a wrong record, or in the wrong state. */
  wrong: number
  /** The first few of them in words. */
  examples: string[]
}

export function check(expected: readonly Expected[], held: readonly HeldActivity[]): Verdict {
  const verdict: Verdict = { planned: 0, found: 0, lost: 0, twice: 0, wrong: 0, examples: [] }
  const byThread = new Map<string, { numbers: number[]; activity: HeldActivity }[]>()
  for (const activity of held) {
    const marks = marksIn(activity.text)
    const threads = new Set(marks.map(({ externalId }) => externalId))
    if (threads.size === 0) continue
    verdict.found += 1
    if (threads.size > 1) note(verdict, 'wrong', `several conversations in one activity: ${[...threads].join(', ')}`)
    for (const externalId of threads) {
      const numbers = marks.filter((mark) => mark.externalId === externalId).map(({ number }) => number)
      byThread.set(externalId, [...(byThread.get(externalId) ?? []), { numbers, activity }])
    }
  }
  for (const one of expected) {
    verdict.planned += one.activities.length
    checkThread(verdict, one, byThread.get(one.thread.externalId) ?? [])
  }
  return verdict
}

function checkThread(
  verdict: Verdict,
  { thread, table, recordId, activities }: Expected,
  found: readonly { numbers: number[]; activity: HeldActivity }[],
): void {
  const name = `${thread.externalId} (${table}, ${thread.manner.name})`
  const left = [...found]
  for (const { activity } of found) {
    if (activity.recordId !== recordId) note(verdict, 'wrong', `${name} is at record ${activity.recordId}`)
    const isClosed = thread.manner.closed && table !== 'Task'
    if (activity.closed !== isClosed) note(verdict, 'wrong', `${name} is ${activity.closed ? 'closed' : 'open'}`)
  }
  for (const numbers of activities) {
    const wanted = numbers.join()
    const index = left.findIndex((it) => [...new Set(it.numbers)].sort((a, b) => a - b).join() === wanted)
    const [held] = index === -1 ? [] : left.splice(index, 1)
    if (held === undefined) {
      note(
        verdict,
        'lost',
        `${name} has no activity of ${wanted}, only ${found.map((it) => it.numbers.join()).join('; ')}`,
      )
    } else if (held.numbers.length > numbers.length) note(verdict, 'twice', `${name} repeats: ${held.numbers.join()}`)
    else if (held.numbers.join() !== wanted) note(verdict, 'wrong', `${name} is in disorder: ${held.numbers.join()}`)
  }
  for (const { numbers } of left) note(verdict, 'twice', `${name} has a further activity of ${numbers.join()}`)
}

function note(verdict: Verdict, kind: 'lost' | 'twice' | 'wrong', words: string): void {
  verdict[kind] += 1
  if (verdict.examples.length < 10) verdict.examples.push(`${kind}: ${words}`)
}

/** Sums up several. */
export function together(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce((sum, next) => ({
    planned: sum.planned + next.planned,
    found: sum.found + next.found,
    lost: sum.lost + next.lost,
    twice: sum.twice + next.twice,
    wrong: sum.wrong + next.wrong,
    examples: [...sum.examples, ...next.examples],
  }))
}
