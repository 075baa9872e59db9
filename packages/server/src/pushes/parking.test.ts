/** How long a push goes on failing before it is left to a person. */
import { ProviderError, type ProviderErrorCode } from '@backchannel/providers'
import { expect, test, vi } from 'vitest'
import { admin, openPushWorld } from '../testing/push-world.ts'

const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 10 })
const DAY_MS = 24 * 60 * 60 * 1_000

test('a push that has failed for five days is left to a person, who is told why and can have it tried again', async () => {
  const world = await openPushWorld()
  world.hindrances.DYNAMICS = () => {
    throw new ProviderError('CRM_UNAVAILABLE', { message: 'The CRM is down.' })
  }
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  await eventually(async () => expect(await world.states()).toEqual(['RETRYING CRM_UNAVAILABLE']))
  const tries = () => world.crms.DYNAMICS.requests.length
  world.skip(4.9 * DAY_MS)
  const before = tries()
  await eventually(() => expect(tries()).toBe(before + 1))
  await eventually(async () => expect(await world.states()).toEqual(['RETRYING CRM_UNAVAILABLE']))
  world.skip(0.2 * DAY_MS)
  await eventually(async () => expect(await world.states()).toEqual(['FAILED CRM_UNAVAILABLE']))
  const [parked] = await world.prisma.push.findMany()
  expect(world.pushes.errorOf(parked ?? { id: '', errorSealed: null })).toBe(
    'The CRM is down. It was tried for 5 days and is not tried again by itself; retry it when the cause is gone.',
  )

  await world.pushes.retry(admin, parked?.id ?? '')
  await eventually(async () => expect(await world.states()).toEqual(['RETRYING CRM_UNAVAILABLE']))
  delete world.hindrances.DYNAMICS
  world.skip(60_000)
  await eventually(async () => expect(await world.states()).toEqual(['DELIVERED']))
  expect(await world.prisma.push.findFirst()).toMatchObject({ failingSince: null, errorCode: null })
})

test('F16: a push that waits for an admin is not given up, however long that takes', async () => {
  const world = await openPushWorld()
  world.hindrances.SALESFORCE = () => {
    throw new ProviderError('CRM_UNAUTHENTICATED', { message: 'Sign in again.' })
  }
  world.startWorker({ parkAfterMs: DAY_MS })
  const id = await world.start('SMS')
  await world.tag(id, ['SALESFORCE 1'])
  await eventually(async () => expect(await world.states()).toEqual(['RETRYING CRM_UNAUTHENTICATED']))
  world.skip(30 * DAY_MS)
  await eventually(() => expect(world.crms.SALESFORCE.requests.length).toBe(2))
  await eventually(async () => expect(await world.states()).toEqual(['RETRYING CRM_UNAUTHENTICATED']))
})

/** A thread that is tagged, at a CRM whose every call fails by the code of the moment. */
async function openFailing(code: ProviderErrorCode) {
  const world = await openPushWorld()
  const crm = { code }
  world.hindrances.DYNAMICS = () => {
    throw new ProviderError(crm.code, { message: 'Not now.' })
  }
  world.startWorker()
  const id = await world.start('SMS')
  await world.say(id, 'a')
  await world.tag(id, ['DYNAMICS 1'])
  const becomes = (state: string) => eventually(async () => expect(await world.states()).toEqual([state]))
  await becomes(`RETRYING ${code}`)
  return { world, crm, becomes }
}

test('F16: days in which only an admin could help are no days of failing', async () => {
  const { world, crm, becomes } = await openFailing('CRM_UNAUTHENTICATED')
  crm.code = 'CRM_UNAVAILABLE'
  world.skip(6 * DAY_MS)
  await becomes('RETRYING CRM_UNAVAILABLE')
  world.skip(6 * DAY_MS)
  await becomes('FAILED CRM_UNAVAILABLE')
})

test('days in which the CRM was disconnected are no days of failing', async () => {
  const { world, becomes } = await openFailing('CRM_UNAVAILABLE')
  const set = (status: 'CONNECTED' | 'DISCONNECTED') =>
    world.prisma.integration.update({ where: { id: 'DYNAMICS' }, data: { status } })
  await set('DISCONNECTED')
  world.skip(60_000)
  await becomes('WAITING_FOR_INTEGRATION CRM_UNAVAILABLE')
  world.skip(6 * DAY_MS)
  await set('CONNECTED')
  const { workspaceId, events, crms } = world
  const asked = crms.DYNAMICS.requests.length
  await events.publish({ workspaceId, kind: 'INTEGRATION_CHANGED', integrationId: 'DYNAMICS' })
  await eventually(() => expect(crms.DYNAMICS.requests.length).toBeGreaterThan(asked))
  await becomes('RETRYING CRM_UNAVAILABLE')
})
