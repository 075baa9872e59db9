/** Where the CRM holds no key of ours, nobody can tell whether what was sent has arrived: it is waited for (ruling 14). */
import { ProviderError } from '@backchannel/providers'
import { expect, test, vi } from 'vitest'
import { admin, openPushWorld } from '../testing/push-world.ts'

const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 10 })

/** A thread of one message, tagged; what becomes of each filing is `filing`'s to say. */
async function openKeyless(filing: 'NO_ANSWER' | 'REFUSED' | 'HANGS' | 'WORKS') {
  const world = await openPushWorld()
  const { provider } = world.crms.SALESFORCE
  const { capabilities, fileActivity } = provider
  const crm = { filing, filings: 0 }
  provider.capabilities = async () => ({ ...(await capabilities()), keyedActivities: false })
  provider.fileActivity = async (draft, options) => {
    crm.filings++
    if (crm.filing === 'REFUSED') throw new ProviderError('CRM_REJECTED', { message: 'A rule says no.' })
    if (crm.filing === 'HANGS') await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve))
    if (crm.filing === 'WORKS') return fileActivity(draft, options)
    throw new ProviderError('CRM_TIMEOUT', { message: 'No answer.', outcome: 'UNKNOWN' })
  }
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['SALESFORCE 1'])
  const becomes = (state: string) => eventually(async () => expect(await world.states()).toEqual([state]))
  const retry = async () => world.pushes.retry(admin, (await world.prisma.push.findFirstOrThrow()).id)
  return { world, crm, becomes, retry }
}

test('ruling 14: a person who asks is not made to wait until an unknown outcome has settled', async () => {
  const { world, crm, becomes, retry } = await openKeyless('NO_ANSWER')
  world.startWorker()
  await becomes('RETRYING CRM_TIMEOUT')
  crm.filing = 'WORKS'
  world.skip(5_000)
  await becomes('RETRYING CRM_OUTCOME_UNKNOWN')
  expect(world.held('SALESFORCE')).toEqual([])
  await retry()
  await becomes('DELIVERED')
  expect(world.held('SALESFORCE')).toEqual([['a']])
})

test('ruling 14: what is begun after a person has asked, and left by its worker, is waited for again', async () => {
  const { world, crm, becomes, retry } = await openKeyless('REFUSED')
  const worker = world.startWorker()
  await becomes('FAILED CRM_REJECTED')
  crm.filing = 'HANGS'
  await retry()
  await eventually(() => expect(crm.filings).toBe(2))
  await worker.stop(0)
  crm.filing = 'WORKS'
  world.startWorker()
  await becomes('RETRYING CRM_OUTCOME_UNKNOWN')
  expect(crm.filings).toBe(2)
  world.skip(640_000)
  await becomes('DELIVERED')
})
