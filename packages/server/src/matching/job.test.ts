import { expect, test } from 'vitest'
import { unknownVisitor } from '../conversations/conversation.ts'
import { testIntegration } from '../testing/integration.ts'
import { createLookUpJob } from './job.ts'
import type { LookUp } from './look-up.ts'
import type { LookUpClaim, LookUpOutcome, LookUpQueue, LookUpState } from './look-up-store.ts'

const claim: LookUpClaim = { id: 'chat', workspaceId: 'workspace-1', leaseOwner: 'us', attempts: 1 }
const state: LookUpState = {
  facts: {
    ...{ id: 'chat', channel: 'CHAT', status: 'ACTIVE', startedAt: new Date(0), variables: [] },
    visitor: { ...unknownVisitor, phone: '+1 432 555 0100' },
  },
  ...{ tags: [], region: 'US', pauses: new Map(), stored: null },
}

/** Two CRMs; each answers when it is told to. */
function openJob({ during }: { during: 'TAGGING' | 'KEEPING' }) {
  const settings = { autoChatPush: { enabled: true, rules: [], tagSingleMatchUnasked: true } }
  const all = (['DYNAMICS', 'SALESFORCE'] as const).map((key) => testIntegration(key, { id: key }, settings))
  const told = new Map<string, () => void>()
  const kept: LookUpOutcome[] = []
  const tagged: string[] = []
  /** The second CRM answers while we are at the first one's answer. */
  async function meanwhile(point: typeof during): Promise<void> {
    if (point !== during) return
    told.get('SALESFORCE')?.()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const lookUp: LookUp = async ({ id, settings: { version } }) => {
    await new Promise<void>((resolve) => told.set(id, resolve))
    const record = { integrationId: id, entityName: 'contact', remoteId: `of ${id}`, name: 'Ada', url: null }
    const hit = { ...record, matchedBy: 'PHONE' as const, matchedField: 'phone', exact: true }
    const answer = { integrationId: id, settingsVersion: version, enabled: true, hits: [hit], why: [], failure: null }
    return { answer, names: null, failure: null }
  }
  const queue: Pick<LookUpQueue, 'load' | 'settle' | 'giveBack'> = {
    load: async () => state,
    async settle(_claim, outcome) {
      kept.push(outcome)
      await meanwhile('KEEPING')
      return true
    },
    giveBack: async () => {},
  }
  const job = createLookUpJob({
    queue: queue as LookUpQueue,
    integrations: { list: async () => all },
    lookUp,
    tagging: {
      async tagAutomatically(_workspaceId, _id, { remoteId }) {
        tagged.push(remoteId)
        await meanwhile('TAGGING')
        return remoteId
      },
    },
    now: () => 0,
  })
  return { run: () => job(claim, new AbortController().signal), told, kept, tagged }
}

test.each(['TAGGING', 'KEEPING'] as const)(
  'an answer that comes during the %s of another one is acted on',
  async (during) => {
    const { run, told, kept, tagged } = openJob({ during })
    const running = run()
    await expect.poll(() => told.size).toBe(2)
    told.get('DYNAMICS')?.()
    await running
    expect(tagged).toEqual(['of DYNAMICS', 'of SALESFORCE'])
    const last = kept.at(-1)
    expect(last?.match.answers.map(({ integrationId }) => integrationId)).toEqual(['DYNAMICS', 'SALESFORCE'])
    expect(last?.next).toBeNull()
    expect(kept.slice(0, -1).map(({ next }) => next)).toEqual(kept.slice(0, -1).map(() => 'HELD'))
  },
)
