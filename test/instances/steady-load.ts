/** What people and programs ask for while servers are restarted; nothing is tried a second time. */
import { setTimeout as wait } from 'node:timers/promises'
import { type Conversation, say } from '../gateway/conversing.ts'
import type { RunningGateway } from '../gateway/running-gateway.ts'

export type Client = Pick<RunningGateway, 'execute'>

export interface SteadyLoad {
  readonly failures: readonly string[]
  /** Every message that was taken, in order. */
  readonly said: readonly { conversation: Conversation; text: string }[]
  /** How many requests were answered as they should be. */
  answered(): number
  stop(): Promise<void>
}

export interface LoadParts {
  /** A chat product, with its key. */
  product: Client
  /** Somebody who is signed in with the app. */
  person: Client
  /** Messages go to each of them in turn. */
  conversations: readonly Conversation[]
}

/** How long each waits after an answer, in milliseconds: the load is to be steady, not heavy. */
const PACE_MS = { read: 20, say: 60, look: 100 }

export function startLoad({ product, person, conversations }: LoadParts): SteadyLoad {
  const failures: string[] = []
  const said: { conversation: Conversation; text: string }[] = []
  let answered = 0
  let isOver = false

  async function again(paceMs: number, work: () => Promise<unknown>): Promise<void> {
    while (!isOver) {
      await work().then(
        () => (answered += 1),
        (error: unknown) => failures.push(String(error)),
      )
      await wait(paceMs)
    }
  }

  async function sayNext(): Promise<void> {
    const conversation = conversations[said.length % conversations.length]
    if (!conversation) throw new Error('There is no conversation')
    // Its end says that it is not another one's beginning.
    const text = `message ${said.length};`
    await say(product, conversation, text)
    said.push({ conversation, text: `${conversation.mark} ${text}` })
  }

  const read = () => product.execute('{ viewer { workspace { name } } integrations { status } }')
  const look = () => person.execute('{ viewer { user { email } } pushes(first: 1) { edges { node { status } } } }')
  const work = [
    again(PACE_MS.say, sayNext),
    again(PACE_MS.read, read),
    again(PACE_MS.read, read),
    again(PACE_MS.look, look),
  ]
  return {
    failures,
    said,
    answered: () => answered,
    async stop() {
      isOver = true
      await Promise.all(work)
    },
  }
}
