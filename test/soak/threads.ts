/** What a run plants: conversations of every kind, and what must be in the CRMs of each at the end. Pure. */
import type { DynamicsInput } from '../../packages/server/src/settings/edit/general.ts'
import type { Org } from './installation.ts'

/** How a workspace files in Dynamics. In Salesforce every conversation is one task that grows. */
export interface Manner {
  readonly name: string
  readonly settings: DynamicsInput
  readonly channel: 'SMS' | 'CHAT'
  /** Each later message makes an activity of its own, which holds all so far. */
  readonly newCreation: boolean
  /** Delivered, save for the closing (ruling 3). */
  readonly partial: boolean
  readonly table: 'annotation' | 'task'
  readonly closed: boolean
  /** The share of threads that go on after they were tagged, and how many messages follow. */
  readonly goesOn: { readonly share: number; readonly messages: number }
}

const notes = { channel: 'SMS', newCreation: false, partial: false, table: 'annotation', closed: false } as const

export const manners: readonly Manner[] = [
  { ...notes, name: 'notes that grow', settings: {}, goesOn: { share: 0.05, messages: 19 } },
  {
    ...notes,
    name: 'a note for each message',
    settings: { allowNewCreation: true },
    newCreation: true,
    goesOn: { share: 0.15, messages: 5 },
  },
  {
    name: 'tasks of chats, closed',
    settings: { chatsSaveTo: 'TASK', activityTypeName: 'Task', allowActivityClosing: true },
    channel: 'CHAT',
    newCreation: false,
    partial: false,
    table: 'task',
    closed: true,
    goesOn: { share: 0, messages: 0 },
  },
  {
    ...notes,
    name: 'notes that cannot be closed',
    settings: { allowActivityClosing: true },
    partial: true,
    goesOn: { share: 0.02, messages: 3 },
  },
]

export interface Thread {
  readonly externalId: string
  readonly manner: Manner
  /** Messages before it is tagged, and behind that. */
  readonly before: number
  readonly later: number
}

/** What one record must hold of one thread. */
export interface Expected {
  readonly thread: Thread
  readonly org: Org
  readonly table: string
  readonly recordId: string
  /** The messages of each activity, in any order of the activities. */
  readonly activities: readonly (readonly number[])[]
  readonly status: 'DELIVERED' | 'PARTIAL'
}

/** @param random from 0 to below 1 */
export function planThreads(manner: Manner, prefix: string, count: number, random: () => number): Thread[] {
  return Array.from({ length: count }, (_, index) => ({
    externalId: `${prefix}t${index}`,
    manner,
    before: 1 + Math.floor(random() * 2),
    later: random() < manner.goesOn.share ? manner.goesOn.messages : 0,
  }))
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

export function expectedOf(
  thread: Thread,
  records: { dynamics: string; salesforce: string },
  salesforceOrg: Exclude<Org, 'DYNAMICS'>,
): Expected[] {
  const { manner, before, later } = thread
  const all = upTo(before + later)
  return [
    {
      thread,
      org: 'DYNAMICS',
      table: manner.table,
      recordId: records.dynamics,
      activities: manner.newCreation ? upTo(later + 1).map((n) => upTo(before + n - 1)) : [all],
      status: manner.partial ? 'PARTIAL' : 'DELIVERED',
    },
    {
      thread,
      org: salesforceOrg,
      table: 'Task',
      recordId: records.salesforce,
      activities: [all],
      status: 'DELIVERED',
    },
  ]
}

/** Says in a message's text which message it is, so that it can be counted wherever it stands. */
export const markOf = (externalId: string, number: number) => `mark-${externalId}-${number}.`

/** Which messages of which thread a text holds, in its order. */
export function marksIn(text: string): { externalId: string; number: number }[] {
  return [...text.matchAll(/mark-(\w+)-(\d+)\./g)].map(([, externalId = '', number]) => ({
    externalId,
    number: Number(number),
  }))
}
